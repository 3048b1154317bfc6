using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Kernels;
using Spindle.Kernels.Raw;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>What scripts need of the running machine's files and processes: a folder of their own, and children that sleep.</summary>
internal sealed class RunningFiles(LinuxKernel kernel)
{
    private const int Kill9 = 9;
    private const string Program = "sleep";
    private const uint EveryInotifyEvent = 0x4; // IN_ATTRIB

    private readonly List<string> made = [];
    private readonly List<int> children = [];
    private readonly Dictionary<int, string> watched = [];
    private string? folder;
    private int numbers;

    /// <summary>Ends children, and removes the folder with all in it.</summary>
    public void Reset()
    {
        foreach (int processId in children)
        {
            // The script may have closed its pidfd, or ended the child already.
            kernel.SendSignal(processId, Kill9);
            RawThreads.WaitForChild(processId);
        }

        children.Clear();
        watched.Clear();
        for (int index = made.Count - 1; index >= 0; index--)
        {
            if (!kernel.Unlink(made[index]).IsOk)
            {
                kernel.RemoveDirectory(made[index]);
            }
        }

        made.Clear();
        folder = null;
    }

    public Result Inotify()
    {
        Result inotify = kernel.InotifyCreate();
        if (!inotify.IsOk)
        {
            return inotify;
        }

        string path = NewFolder();
        Result added = kernel.InotifyAdd(inotify.Int, path, EveryInotifyEvent);
        watched[inotify.Int] = path;
        return added.IsOk ? inotify : added;
    }

    /// <summary>Changes the watched folder's only file, which was there before.</summary>
    public Result Touch(int fd)
    {
        return watched.TryGetValue(fd, out string? path) ? RawDescriptors.ChangeMode(path, 0x1C0) : Result.Fail(Errno.EINVAL);
    }

    public Result PidFd(int? inherited)
    {
        const int FirstOfChild = 3;
        SpawnRequest request = new("/bin/sleep", [Program, "3600"]);
        Result child = kernel.Spawn(inherited is { } fd ? request with { Descriptors = [(fd, FirstOfChild)] } : request);
        if (!child.IsOk)
        {
            return child;
        }

        children.Add(child.Int);
        AwaitProgram(child.Int);
        return kernel.PidFdOpen(child.Int);
    }

    /// <summary>Ends a child and waits until it has ended, which its pidfd then tells.</summary>
    public Result Kill(int pidFd)
    {
        Result killed = RawDescriptors.SendSignal(pidFd, Kill9);
        Span<RawPollEntry> entry = [new RawPollEntry { Fd = pidFd, Events = 1 }];
        if (killed.IsOk)
        {
            RawPolling.Poll(entry, 1000);
        }

        return killed;
    }

    // Until its program runs, a child holds on to what is open here: what is closed meanwhile would be closed a moment late.
    private void AwaitProgram(int processId)
    {
        const int LooksMax = 1000;
        StringBuilder line = new();
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline");
        for (int look = 0; look < LooksMax && !line.ToString().StartsWith(Program, StringComparison.Ordinal); look++)
        {
            line.Clear();
            ReadText(path, line);
            RawPolling.Poll([], 1);
        }
    }

    /// <summary>The path of a name with a slash before it: what it comes to be goes with the folder.</summary>
    public string PathOf(string name)
    {
        string path = Folder() + name;
        if (name.Length > 1 && !made.Contains(path))
        {
            made.Add(path);
        }

        return path;
    }

    public Result MakeFifo(string name)
    {
        string path = $"{Folder()}/{name}";
        made.Add(path);
        return RawDescriptors.MakeFifo(path);
    }

    public Result OpenFifo(string name, bool reads, bool writes) =>
        kernel.Open($"{Folder()}/{name}", Flags(reads, writes) | FileFlags.NonBlocking);

    public Result OpenPlain(string kind, bool writes)
    {
        if (kind == "path")
        {
            return RawDescriptors.OpenPath("/dev/null");
        }

        if (kind != "regular")
        {
            return kernel.Open(kind == "null" ? "/dev/null" : Folder(), Flags(reads: true, writes));
        }

        string path = string.Create(CultureInfo.InvariantCulture, $"{Folder()}/regular{numbers++}");
        made.Add(path);
        return kernel.Open(path, Flags(reads: true, writes: true) | FileFlags.Create);
    }

    public Result ReadText(string path, StringBuilder text)
    {
        Result file = kernel.Open(path, FileFlags.Read);
        if (!file.IsOk)
        {
            return file;
        }

        Span<byte> part = stackalloc byte[4096];
        Result read;
        while ((read = kernel.Read(file.Int, part)).Value > 0)
        {
            text.Append(Encoding.ASCII.GetString(part[..read.Int]));
        }

        kernel.Close(file.Int);
        return read;
    }

    private static FileFlags Flags(bool reads, bool writes) =>
        (reads ? FileFlags.Read : default) | (writes ? FileFlags.Write : default);

    private string Folder() => folder ??= NewFolder();

    private string NewFolder()
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/tmp/spindle-sim.{kernel.ProcessId}.{RawSignals.ThreadId}.{numbers++}");
        kernel.MakeDirectory(path);
        made.Add(path);
        return path;
    }
}
