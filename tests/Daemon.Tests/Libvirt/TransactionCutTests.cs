using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Daemon.Libvirt;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;
using Spindle.Simulation;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Power cuts at every system call of a transaction.</summary>
public sealed class TransactionCutTests
{
    private const string Directory = "/var/lib/connman";

    /// <summary>begin, define, undefine, and then this.</summary>
    public enum Ending
    {
        None,
        Commit,
        RollBack,
    }

    [Theory]
    [InlineData(Ending.None)]
    [InlineData(Ending.Commit)]
    [InlineData(Ending.RollBack)]
    public void A_cut_at_any_call_leaves_the_old_files_or_the_new_ones_and_the_new_ones_only_by_commit(Ending ending)
    {
        int cuts = 0;
        bool isCut = true;
        for (long call = 1; isCut; call++)
        {
            for (ulong seed = 1; seed <= 4; seed++)
            {
                isCut = CutAt(call, (ulong)call * 10 + seed, ending);
                cuts++;
            }
        }

        Assert.True(cuts > 100, $"{cuts} cuts");
    }

    /// <summary>False: the scenario has no such call.</summary>
    private static bool CutAt(long call, ulong seed, Ending ending)
    {
        SimulatedMachine machine = new(seed);
        SimulatedKernel kernel = machine.StartProcess();
        Write(kernel, "a.config", "old a");
        Write(kernel, "libvirteth0.config", "old b");
        SortedDictionary<string, string> old = Files(kernel);
        bool isCommitBegun = false, isCommitted = false;
        kernel.Faults.InterveneAt(kernel.Faults.Count + call, machine.PowerCut);
        TransactionFile transaction = new(kernel, Directory);
        Require(transaction.Begin() == TransactionOutcome.Done || !machine.IsOn);
        Write(kernel, "libvirteth1.config", "new c");
        Write(kernel, "a.config", "new a");
        AtomicFile.Remove(kernel, $"{Directory}/libvirteth0.config");
        if (machine.IsOn && ending == Ending.Commit)
        {
            isCommitBegun = true;
            isCommitted = transaction.Commit() == TransactionOutcome.Done;
        }

        Require(ending != Ending.RollBack || transaction.RollBack() == TransactionOutcome.Done || !machine.IsOn);
        bool isCut = !machine.IsOn;
        if (!isCut)
        {
            machine.PowerCut();
        }

        machine.Boot();
        SimulatedKernel next = machine.StartProcess();
        TransactionFile found = new(next, Directory);
        Require(found.RollBack() is TransactionOutcome.Done or TransactionOutcome.None);
        Require(!found.Exists);
        SortedDictionary<string, string> now = Files(next);
        SortedDictionary<string, string> fresh = new() { ["a.config"] = "new a", ["libvirteth1.config"] = "new c" };
        string where = $"call {call}, seed {seed}: {string.Join(", ", now)}";
        bool isOld = AreEqual(old, now), isNew = AreEqual(fresh, now);
        Assert.True(isOld || isNew, where);
        Assert.True(isOld || isCommitBegun, where);
        Assert.True(isNew || !isCommitted, where);
        return isCut;
    }

    [Fact]
    public void A_file_that_is_no_transaction_is_put_out_of_the_way()
    {
        SimulatedKernel kernel = new SimulatedMachine().StartProcess();
        foreach (string content in (string[])["", "nonsense", "[Transaction]\nVersion=2\nFiles=0\n", "[Transaction]\nVersion=1\nFiles=1\n",
            "[Transaction]\nVersion=1\nFiles=1\n[File ../x.config]\nOctets=QQ==\n", "[Transaction]\nVersion=1\nFiles=1\n[File a.config]\nOctets=Q\n"])
        {
            Write(kernel, "a.config", "kept");
            Write(kernel, TransactionFile.Name, content);
            TransactionFile transaction = new(kernel, Directory);
            Assert.Equal(TransactionOutcome.Foreign, transaction.RollBack());
            Assert.False(transaction.Exists);
            Assert.Equal("kept", Files(kernel)["a.config"]);
        }
    }

    [Fact]
    public void Files_that_are_too_large_are_not_begun_with()
    {
        SimulatedKernel kernel = new SimulatedMachine().StartProcess();
        Write(kernel, "a.config", new string('x', TransactionFile.SizeMax));
        Assert.Equal(TransactionOutcome.Done, new TransactionFile(kernel, Directory).Begin());
        Assert.Equal(TransactionOutcome.Done, new TransactionFile(kernel, Directory).RollBack());
        Write(kernel, "b.config", "x");
        Assert.Equal(TransactionOutcome.TooLarge, new TransactionFile(kernel, Directory).Begin());
    }

    private static void Require(bool condition) => Assert.True(condition);

    private static void Write(SimulatedKernel kernel, string name, string content) =>
        AtomicFile.Replace(kernel, $"{Directory}/{name}", Encoding.UTF8.GetBytes(content));

    private static SortedDictionary<string, string> Files(SimulatedKernel kernel)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        SortedSet<string> names = [];
        kernel.ListDirectory(Directory, names);
        foreach (string name in names)
        {
            if (name.EndsWith(".config", StringComparison.Ordinal))
            {
                kernel.ReadFile($"{Directory}/{name}", KeyFileDocument.SizeMax, out byte[] octets);
                files.Add(name, Encoding.UTF8.GetString(octets));
            }
        }

        return files;
    }

    private static bool AreEqual(SortedDictionary<string, string> one, SortedDictionary<string, string> other) =>
        string.Join('\n', one) == string.Join('\n', other);
}
