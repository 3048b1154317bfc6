using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Provisioning;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.KeyFile;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>Defines and undefines interfaces, and begins, commits and rolls back: one after the other, each as a whole.</summary>
/// <remarks>The disk is waited for on a thread of its own; all else is on the loop. An answer comes when what was changed is in
/// force, so that who asks next sees it.</remarks>
internal sealed class InterfaceChanges
{
    /// <summary>Changes that wait at most.</summary>
    public const int WaitingMax = 64;

    /// <summary>A rollback whose time has come, and that the disk refused.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    private static readonly RpcError AsItWas = RpcError.OperationInvalid(RpcErrorDomain.Interface);

    private readonly Log log;
    private readonly string directory;
    private readonly ProvisioningDirectory provisioning;
    private readonly HostObserver observer;
    private readonly InterfaceSwitch switches;
    private readonly Func<int, LinkFacts?> factsOf;
    private readonly Func<TimeSpan> timeout;
    private readonly Kernel kernel;
    private readonly WorkerPool worker;
    private readonly TimerSource timer;
    private readonly TransactionFile transaction;
    private readonly Queue<Change> waiting = new();
    private bool isBusy;
    private ImmutableArray<HostInterface> before = [];

    /// <summary>One change.</summary>
    /// <param name="Prepare">On the loop, when its turn comes: what to do on the disk; null if it is answered already.</param>
    /// <param name="Completed">On the loop, behind it.</param>
    private sealed record Change(Func<Action?> Prepare, Action Completed);

    public InterfaceChanges(
        EventLoop loop,
        string directory,
        ProvisioningDirectory provisioning,
        HostObserver observer,
        InterfaceSwitch switches,
        Func<int, LinkFacts?> factsOf,
        Func<TimeSpan> timeout,
        Log log)
    {
        this.log = log;
        this.directory = directory;
        this.provisioning = provisioning;
        this.observer = observer;
        this.switches = switches;
        this.factsOf = factsOf;
        this.timeout = timeout;
        kernel = loop.Kernel;
        worker = new WorkerPool(loop, WorkerLimits.OneOnDemand, "libvirt-disk");
        timer = loop.AddTimer((_, _) => Expire(), Priority.Low, "libvirt: transaction", ClockId.Boottime);
        transaction = new(kernel, directory);
    }

    /// <summary>Told what it came to.</summary>
    /// <param name="error">Null: it went well.</param>
    /// <param name="defined">The interface that was defined.</param>
    public delegate void DefinedHandler(RpcError? error, HostInterface? defined);

    /// <summary>Writes a provisioning file for an interface, and has it in force.</summary>
    public void Define(InterfaceDefinition definition, DefinedHandler done)
    {
        string name = definition.DeviceName;
        string file = DefinitionFile.NameOf(name);
        RpcError? error = null;
        Enqueue(
            () =>
            {
                error = Translate(definition, file, out byte[]? octets);
                return octets is null ? Refuse(() => done(error, null)) : () => error = Write(file, octets);
            },
            () =>
            {
                provisioning.LookAt(file);
                observer.Touch();
                log.Information($"libvirt: {name} is defined{(error is null ? "" : $" no more than before: {error.Message}")}");
                done(error, error is null ? observer.Look().Find(name) ?? new(0, name, definition.Mac ?? default) : null);
            },
            refused => done(refused, null));
    }

    /// <summary>Removes the provisioning file that define wrote for an interface.</summary>
    public void Undefine(string name, Action<RpcError?> done)
    {
        string file = DefinitionFile.NameOf(name);
        RpcError? error = null;
        Enqueue(
            () => () => error = Remove(name, file),
            () =>
            {
                provisioning.LookAt(file);
                observer.Touch();
                done(error);
            },
            done);
    }

    /// <summary>Keeps what is, to come back to it.</summary>
    public void Begin(Action<RpcError?> done)
    {
        TransactionOutcome outcome = default;
        ImmutableArray<HostInterface> now = [];
        Enqueue(
            () =>
            {
                now = observer.Look().Interfaces;
                return () => outcome = transaction.Begin();
            },
            () =>
            {
                if (outcome == TransactionOutcome.Done)
                {
                    before = now;
                    Arm();
                    log.Information("libvirt: a transaction was begun");
                }

                done(ErrorOf(outcome, "there is another transaction running."));
            },
            done);
    }

    /// <summary>What was done since begin stays.</summary>
    public void Commit(Action<RpcError?> done)
    {
        TransactionOutcome outcome = default;
        Enqueue(
            () => () => outcome = transaction.Commit(),
            () =>
            {
                if (outcome == TransactionOutcome.Done)
                {
                    End("committed");
                }

                done(ErrorOf(outcome, "no transaction running, nothing to be committed."));
            },
            done);
    }

    /// <summary>All is as it was at begin: the provisioning files, and which interfaces are up.</summary>
    public void RollBack(Action<RpcError?> done)
    {
        TransactionOutcome outcome = default;
        Enqueue(
            () => () => outcome = transaction.RollBack(),
            () =>
            {
                // Whatever became of it: some files may be back.
                provisioning.LookAtAll();
                observer.Touch();
                if (outcome == TransactionOutcome.Done)
                {
                    ImmutableArray<HostInterface> wanted = before;
                    End("rolled back");
                    Restore(wanted);
                }

                done(ErrorOf(outcome, "no transaction running, nothing to rollback."));
            },
            done);
    }

    /// <summary>The time for a commit changed.</summary>
    public void Rearm()
    {
        if (timer.IsArmed || !before.IsEmpty)
        {
            Arm();
        }
    }

    private static Action? Refuse(Action answer)
    {
        answer();
        return null;
    }

    private RpcError? Translate(InterfaceDefinition definition, string file, out byte[]? octets)
    {
        octets = null;
        HostInterface? present = observer.Look().Find(definition.DeviceName);
        if (!DefinedService.TryMake(definition, present, out DefinedService? service, out string reason)
            || !DefinitionFile.TryWrite(service, out octets, out reason))
        {
            return LibvirtErrors.Unsupported(reason);
        }

        if (provisioning.IsFull && provisioning.Find(file) is null)
        {
            octets = null;
            return LibvirtErrors.Busy($"there are {ProvisioningDirectory.FilesMax} provisioning files already");
        }

        if (RulerOf(service, present, file) is { } other)
        {
            octets = null;
            return RpcError.OperationInvalid(RpcErrorDomain.Interface, $"'{service.Link}' is ruled by '{other}' already");
        }

        return null;
    }

    /// <summary>The file of somebody else that comes before ours and is about the same link; null: none.</summary>
    private string? RulerOf(DefinedService service, HostInterface? present, string file)
    {
        LinkFacts link = (present is { Index: not 0 } ? factsOf(present.Index) : null)
            ?? new LinkFacts(int.MaxValue, service.Link, service.Mac ?? default);
        foreach (ProvisionedService entry in provisioning.Services)
        {
            string other = entry.File + ProvisioningParser.Suffix;
            if (string.CompareOrdinal(other, file) < 0 && entry.Matches(link))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>On the worker's thread.</summary>
    private RpcError? Write(string file, byte[] octets)
    {
        string path = $"{directory}/{file}";
        Result read = kernel.ReadFile(path, KeyFileDocument.SizeMax, out byte[] present);
        if (!read.Is(Errno.ENOENT) && !DefinitionFile.IsOurs(file, present))
        {
            return NotOurs(file);
        }

        Result written = AtomicFile.Replace(kernel, path, octets);
        return written.IsOk ? null : LibvirtErrors.System($"{path} cannot be written: {written.Error}");
    }

    /// <summary>On the worker's thread.</summary>
    private RpcError? Remove(string name, string file)
    {
        string path = $"{directory}/{file}";
        Result read = kernel.ReadFile(path, KeyFileDocument.SizeMax, out byte[] present);
        if (read.Is(Errno.ENOENT))
        {
            return RpcError.OperationInvalid(
                RpcErrorDomain.Interface, $"'{name}' was not defined by iface-define, so there is nothing to take back");
        }

        if (!DefinitionFile.IsOurs(file, present))
        {
            return NotOurs(file);
        }

        Result removed = AtomicFile.Remove(kernel, path);
        return removed.IsOk ? null : LibvirtErrors.System($"{path} cannot be removed: {removed.Error}");
    }

    private static RpcError NotOurs(string file) =>
        RpcError.OperationInvalid(RpcErrorDomain.Interface, $"'{file}' was not written by iface-define, and is left alone");

    private RpcError? ErrorOf(TransactionOutcome outcome, string invalid) => outcome switch
    {
        TransactionOutcome.Done => null,
        TransactionOutcome.None or TransactionOutcome.Running => RpcError.OperationInvalid(RpcErrorDomain.Interface, invalid),
        TransactionOutcome.Failed => LibvirtErrors.System($"the transaction's file: {transaction.Error}"),
        TransactionOutcome.TooLarge => LibvirtErrors.System("the provisioning files are too large for a transaction"),
        TransactionOutcome.Foreign => LibvirtErrors.System("the transaction's file is none, and was put out of the way"),
    };

    private void Arm()
    {
        if (timeout() is { Ticks: > 0 } bound)
        {
            timer.ArmAfter(bound);
        }
        else
        {
            timer.Disarm();
        }
    }

    private void End(string how)
    {
        before = [];
        timer.Disarm();
        log.Information($"libvirt: the transaction was {how}");
    }

    private void Expire()
    {
        log.Warning("libvirt: nobody committed the transaction in time");
        RollBack(error =>
        {
            // If there is none any more, somebody was a moment earlier.
            if (error is not null && error.Code != RpcErrorCode.OperationInvalid)
            {
                log.Error($"libvirt: the transaction is not rolled back, which is tried again: {error.Message}");
                timer.ArmAfter(RetryDelay);
            }
        });
    }

    /// <summary>Interfaces that were up are started, those that were not are stopped.</summary>
    private void Restore(ImmutableArray<HostInterface> wanted)
    {
        HostSnapshot now = observer.Look();
        foreach (HostInterface was in wanted)
        {
            if (now.Find(was.Name) is { Index: not 0 } shown && shown.IsActive != was.IsActive)
            {
                string name = was.Name;
                switches.Begin(shown, was.IsActive, error =>
                {
                    // Without a reason: it has become as it was meanwhile. A bridge that got ports is not switched off, and said.
                    if (error is not null && error != AsItWas)
                    {
                        log.Warning($"libvirt: {name} is not as it was before the transaction: {error.Message}");
                    }
                });
            }
        }
    }

    private void Enqueue(Func<Action?> prepare, Action completed, Action<RpcError?> refuse)
    {
        if (waiting.Count >= WaitingMax)
        {
            refuse(LibvirtErrors.Busy("too many changes of interfaces wait"));
            return;
        }

        waiting.Enqueue(new(prepare, completed));
        Next();
    }

    private void Next()
    {
        while (!isBusy && waiting.TryDequeue(out Change? change))
        {
            if (change.Prepare() is not { } work)
            {
                continue;
            }

            isBusy = true;
            Result started = worker.Start(work, thrown => Complete(change, thrown));
            if (!started.IsOk)
            {
                // No thread can be had: the disk is waited for here, once.
                work();
                Complete(change, null);
            }
        }
    }

    private void Complete(Change change, Exception? thrown)
    {
        isBusy = false;
        if (thrown is not null)
        {
            throw new InvalidOperationException("Changing an interface's files threw.", thrown);
        }

        change.Completed();
        Next();
    }
}
