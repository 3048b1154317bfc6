using System;
using Spindle.Kernels;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Files;
using Spindle.Simulation.Signals;

namespace Spindle.Simulation;

/// <summary>A process: its descriptors over open files that it may share with others, its signals, its rights.</summary>
internal sealed class SimulatedProcess(SimulatedMachine machine, uint user = 0)
{
    /// <summary><c>O_CLOEXEC</c>, also under its names <c>EPOLL_CLOEXEC</c>, <c>SOCK_CLOEXEC</c> ….</summary>
    public const int CloseOnExec = 0x80000;

    public SimulatedMachine Machine { get; } = machine;

    public uint User { get; set; } = user;

    /// <summary>Has every capability.</summary>
    public bool IsPrivileged => User == 0;

    public int ProcessId { get; init; }

    /// <summary>False once it was killed, or the power failed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Permission bits that new files do not get (umask).</summary>
    public uint FileModeMask { get; set; } = 0x12;

    /// <summary>What goes wrong with its calls; null in scripts, which make their calls otherwise.</summary>
    public FaultPlan? Faults { get; set; }

    public DescriptorTable Files { get; private init; } = new();

    public SignalState Signals { get; } = new(machine.Mutation);

    /// <summary>Ends the process as SIGKILL does: the kernel closes what it had open.</summary>
    public void Kill()
    {
        IsAlive = false;
        Faults?.ProcessEnded();
        Machine.Leave(this);
        Files.CloseAll();
    }

    /// <summary>The process is gone together with its kernel: nobody closes anything.</summary>
    public void Vanish()
    {
        IsAlive = false;
        Faults?.ProcessEnded();
    }

    /// <summary>Gives a new file a descriptor.</summary>
    public Result Open(OpenFile file)
    {
        Result result = Files.Add(file);
        if (!result.IsOk)
        {
            // It was never anybody's: held and dropped, it is released like any other.
            file.Hold();
            file.Drop();
        }

        return result;
    }

    /// <summary>Gives two new files descriptors: both, or neither of them.</summary>
    public Result OpenPair(OpenFile first, OpenFile second, Span<int> descriptors)
    {
        if (!Files.HasRoom(2))
        {
            first.Hold();
            second.Hold();
            first.Drop();
            second.Drop();
            return Result.Fail(Errno.EMFILE);
        }

        descriptors[0] = Open(first).Int;
        descriptors[1] = Open(second).Int;
        return Result.Ok();
    }

    /// <summary>Makes a call on a file of one kind.</summary>
    /// <param name="fd">The descriptor; EBADF if it is none.</param>
    /// <param name="otherwise">The error if it is of another kind.</param>
    /// <param name="call">The call.</param>
    public Result WithFile<T>(int fd, Errno otherwise, Func<T, Result> call)
        where T : OpenFile
    {
        return !Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is T found ? call(found) : Result.Fail(otherwise);
    }

    public Result Close(int fd)
    {
        if (Machine.Breaks(Mutation.CloseOfNumberRemoves) && Files.TryGet(fd, out OpenFile? file))
        {
            RemoveWatchers(file, fd);
        }

        return Files.Close(fd);
    }

    public Result Read(int fd, Span<byte> destination)
    {
        if (!Files.TryGet(fd, out OpenFile? file) || !file.IsReadable)
        {
            return Result.Fail(Errno.EBADF);
        }

        return file.Read(destination);
    }

    public Result Write(int fd, ReadOnlySpan<byte> source)
    {
        if (!Files.TryGet(fd, out OpenFile? file) || !file.IsWritable)
        {
            return Result.Fail(Errno.EBADF);
        }

        return file.Write(source);
    }

    public Result Duplicate(int fd) => Files.TryGetAny(fd, out OpenFile? file) ? Files.Add(file) : Result.Fail(Errno.EBADF);

    public Result Duplicate(int fd, int number)
    {
        if (number < 0 || number >= Files.Limit || !Files.TryGetAny(fd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        if (fd != number)
        {
            if (Machine.Breaks(Mutation.DuplicateKeepsOldFile) && Files.TryGetAny(number, out OpenFile? old))
            {
                old.Hold();
            }

            Files.Replace(number, file);
        }

        return Result.Ok(number);
    }

    /// <summary>A child with the same files under the same numbers.</summary>
    public SimulatedProcess Fork() => new(Machine, User) { Files = Files.Fork() };

    private static void RemoveWatchers(OpenFile file, int fd)
    {
        for (Polling.EventPollItem? item = file.FirstWatcher; item is not null;)
        {
            Polling.EventPollItem? next = item.NextWatcher;
            if (item.Fd == fd)
            {
                item.Owner.Remove(item);
            }

            item = next;
        }
    }
}
