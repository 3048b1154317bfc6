using System;
using System.Collections.Generic;
using System.IO;

namespace Spindle.Kernels.Tests;

/// <summary>The running kernel, a folder of its own, and descriptors that are closed afterwards.</summary>
public abstract class KernelTest : IDisposable
{
    private readonly List<int> descriptors = [];

    protected LinuxKernel Kernel { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("spindle-kernel-").FullName;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (int fd in descriptors)
        {
            Kernel.Close(fd);
        }

        Directory.Delete(Folder, recursive: true);
    }

    protected string At(string name) => Path.Combine(Folder, name);

    protected int Own(Result result)
    {
        Assert.True(result.IsOk, result.ToString());
        descriptors.Add(result.Int);
        return result.Int;
    }

    protected (int First, int Second) OwnPair(Result result, Span<int> pair)
    {
        Assert.True(result.IsOk, result.ToString());
        descriptors.Add(pair[0]);
        descriptors.Add(pair[1]);
        return (pair[0], pair[1]);
    }

    protected (int Reader, int Writer) Pipe()
    {
        Span<int> pair = stackalloc int[2];
        return OwnPair(Kernel.Pipe(pair), pair);
    }

    protected void Close(int fd)
    {
        Assert.True(descriptors.Remove(fd));
        Assert.True(Kernel.Close(fd).IsOk);
    }

    /// <summary>Waits until a descriptor is ready for what is asked.</summary>
    protected void Await(int fd, uint events = 1)
    {
        int epoll = Own(Kernel.EpollCreate());
        Assert.True(Kernel.EpollControl(epoll, EpollOperation.Add, fd, events, 0).IsOk);
        EpollEvent[] found = new EpollEvent[1];
        while (Kernel.EpollWait(epoll, found, null).Value == 0)
        {
        }

        Close(epoll);
    }

    protected static void Succeeds(Result result) => Assert.True(result.IsOk, result.ToString());

    protected static void Fails(Errno error, Result result) => Assert.Equal(Result.Fail(error), result);
}
