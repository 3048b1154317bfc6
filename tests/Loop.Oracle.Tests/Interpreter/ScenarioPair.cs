using System;
using Spindle.Kernels;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>A pair of sockets of which the near end is watched, or a file that epoll refuses.</summary>
internal sealed class ScenarioPair
{
    private readonly Kernel kernel;
    private readonly byte[] room = new byte[4096];
    private int far;
    private bool isClosed;

    public ScenarioPair(Kernel kernel, bool isFile)
    {
        this.kernel = kernel;
        if (isFile)
        {
            Near = Opened(kernel.Open("/dev/null", FileFlags.Read));
            far = -1;
            return;
        }

        Span<int> ends = stackalloc int[2];
        Opened(kernel.SocketPair(SocketType.Stream, ends));
        (Near, far) = (ends[0], ends[1]);
    }

    public int Near { get; }

    public void Act(string verb)
    {
        switch (verb)
        {
            case "write" when far >= 0:
                kernel.Write(far, [(byte)'x']);
                break;
            case "drain":
                Empty(Near);
                break;
            case "stuff":
                while (kernel.Send(Near, room).Value > 0)
                {
                }

                break;
            case "relieve" when far >= 0:
                Empty(far);
                break;
            case "hangup":
                CloseFar();
                break;
            case "close":
                CloseNear();
                break;
        }
    }

    public void Close()
    {
        CloseNear();
        CloseFar();
    }

    private static int Opened(Result result) =>
        result.IsOk ? result.Int : throw new InvalidOperationException(result.ToString());

    private void CloseNear()
    {
        if (!isClosed)
        {
            kernel.Close(Near);
            isClosed = true;
        }
    }

    private void CloseFar()
    {
        if (far >= 0)
        {
            kernel.Close(far);
            far = -1;
        }
    }

    private void Empty(int fd)
    {
        while (kernel.Read(fd, room).Value > 0)
        {
        }
    }
}
