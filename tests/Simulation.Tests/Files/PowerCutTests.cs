using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>What a disk has after a power cut: everything that was synced, and of the rest whatever a journalling file system may have.</summary>
public sealed class PowerCutTests
{
    private const int Seeds = 300;

    [Fact]
    public void What_was_synced_is_there_after_every_cut()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedMachine machine = new(seed);
            SimulatedKernel before = machine.StartProcess();
            Write(before, "/var/lib/a", "kept", sync: true);
            Write(before, "/var/lib/b", "perhaps", sync: false);
            SimulatedKernel after = Reboot(machine);
            Assert.Equal("kept", Read(after, "/var/lib/a"));
        }
    }

    [Fact]
    public void Content_that_nobody_synced_is_there_or_torn_or_not()
    {
        string text = new('x', 3000);
        HashSet<string> found = Outcomes(
            kernel => Write(kernel, "/var/lib/a", text, sync: false), kernel => Read(kernel, "/var/lib/a"));
        Assert.Contains("no file", found);
        Assert.Contains("", found);
        Assert.Contains(text, found);
        Assert.Contains(text[..512], found);
        Assert.All(found, one => Assert.True(one == "no file" || text.StartsWith(one, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_that_was_replaced_by_the_book_is_the_old_one_or_the_new_one()
    {
        HashSet<string> found = Outcomes(
            kernel =>
            {
                Write(kernel, "/var/lib/a", "old", sync: true);
                Write(kernel, "/var/lib/a.new", "new", sync: true);
                kernel.Rename("/var/lib/a.new", "/var/lib/a");
            },
            kernel => Read(kernel, "/var/lib/a"));
        Assert.True(found.SetEquals(["old", "new"]), string.Join(',', found));
    }

    [Fact]
    public void A_file_that_was_replaced_without_a_sync_may_be_empty()
    {
        HashSet<string> found = Outcomes(
            kernel =>
            {
                Write(kernel, "/var/lib/a", "old", sync: true);
                Write(kernel, "/var/lib/a.new", "new", sync: false);
                kernel.Rename("/var/lib/a.new", "/var/lib/a");
            },
            kernel => Read(kernel, "/var/lib/a"));
        Assert.True(found.SetEquals(["old", "new", ""]), string.Join(',', found));
    }

    [Fact]
    public void A_rename_lasts_once_its_folder_was_synced()
    {
        HashSet<string> found = Outcomes(
            kernel =>
            {
                Write(kernel, "/var/lib/a.new", "new", sync: true);
                kernel.Rename("/var/lib/a.new", "/var/lib/a");
                int folder = kernel.Open("/var/lib", FileFlags.Read | FileFlags.Directory).Int;
                Assert.True(kernel.Sync(folder).IsOk);
            },
            kernel => Read(kernel, "/var/lib/a"));
        Assert.True(found.SetEquals(["new"]), string.Join(',', found));
    }

    [Fact]
    public void Names_are_lost_from_the_last_one_on()
    {
        HashSet<string> found = Outcomes(
            kernel =>
            {
                kernel.MakeDirectory("/var/lib/1");
                kernel.MakeDirectory("/var/lib/2");
                kernel.MakeDirectory("/var/lib/3");
            },
            kernel =>
            {
                List<string> names = [];
                kernel.ListDirectory("/var/lib", names);
                return string.Concat(names);
            });
        Assert.True(found.SetEquals(["", "1", "12", "123"]), string.Join(',', found));
    }

    [Fact]
    public void After_a_minute_nothing_is_lost_any_more()
    {
        HashSet<string> found = Outcomes(
            kernel =>
            {
                Write(kernel, "/var/lib/a", "all of it", sync: false);
                kernel.Advance(TimeSpan.FromMinutes(1));
            },
            kernel => Read(kernel, "/var/lib/a"));
        Assert.True(found.SetEquals(["all of it"]), string.Join(',', found));
    }

    [Fact]
    public void What_lives_in_memory_is_gone_and_the_kernel_is_fresh()
    {
        SimulatedMachine machine = new();
        SimulatedKernel before = machine.StartProcess();
        Write(before, "/run/state", "x", sync: true);
        before.SetHostName("laptop");
        string bootId = Read(before, "/proc/sys/kernel/random/boot_id");
        SimulatedKernel after = Reboot(machine);
        Assert.Equal("no file", Read(after, "/run/state"));
        Assert.NotEqual("laptop", after.HostName);
        Assert.NotEqual(bootId, Read(after, "/proc/sys/kernel/random/boot_id"));
        Assert.True(after.Now(ClockId.Monotonic) < before.Now(ClockId.Realtime));
        Assert.Equal(1, machine.Boots);
    }

    [Fact]
    public void A_full_disk_takes_what_it_has_room_for_and_then_nothing()
    {
        SimulatedKernel kernel = new();
        kernel.Machine.FreeDiskSpace = 10;
        int fd = kernel.Open("/var/lib/a", FileFlags.Write | FileFlags.Create).Int;
        Assert.Equal(10, kernel.Write(fd, new byte[100]).Value);
        Assert.True(kernel.Write(fd, new byte[100]).Is(Errno.ENOSPC));
        Assert.True(kernel.Unlink("/var/lib/a").IsOk);
        Assert.Equal(0, kernel.Machine.FreeDiskSpace);
        kernel.Close(fd);
        Assert.Equal(10, kernel.Machine.FreeDiskSpace);
    }

    private static HashSet<string> Outcomes(Action<SimulatedKernel> life, Func<SimulatedKernel, string> look)
    {
        HashSet<string> found = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedMachine machine = new(seed);
            life(machine.StartProcess());
            found.Add(look(Reboot(machine)));
        }

        return found;
    }

    private static SimulatedKernel Reboot(SimulatedMachine machine)
    {
        machine.PowerCut();
        machine.Boot();
        return machine.StartProcess();
    }

    private static void Write(SimulatedKernel kernel, string path, string text, bool sync)
    {
        int fd = kernel.Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Truncate).Int;
        Assert.Equal(text.Length, kernel.Write(fd, Encoding.UTF8.GetBytes(text)).Value);
        Assert.True(!sync || kernel.Sync(fd).IsOk);
        kernel.Close(fd);
    }

    private static string Read(SimulatedKernel kernel, string path)
    {
        byte[] octets = new byte[5000];
        Result opened = kernel.Open(path, FileFlags.Read);
        return opened.IsOk ? Encoding.UTF8.GetString(octets, 0, kernel.Read(opened.Int, octets).Int) : "no file";
    }
}
