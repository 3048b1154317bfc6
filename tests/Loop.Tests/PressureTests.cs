using System;
using System.IO;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>Pressure, told by a stream socket in the file's place: urgent data is EPOLLPRI, a reset is EPOLLERR.</summary>
public sealed class PressureTests : IDisposable
{
    private const int Urgent = 1; // MSG_OOB
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int Linger = 13; // SO_LINGER

    private readonly PressureKernel kernel = new();
    private readonly EventLoop loop;
    private int calls;

    public PressureTests() => loop = new EventLoop(kernel);

    [Fact]
    public void The_trigger_is_written_in_the_kernels_words()
    {
        loop.AddPressure(
            new PressureTrigger { IsFull = true, Stall = TimeSpan.FromMilliseconds(70), Window = TimeSpan.FromSeconds(4) },
            Count);
        Span<byte> octets = stackalloc byte[64];
        int length = kernel.Read(kernel.Peer, octets).Int;
        Assert.Equal("full 70000 4000000\0", Encoding.ASCII.GetString(octets[..length]));
        Assert.Equal(PressureTrigger.SystemMemory, kernel.Path);
    }

    [Fact]
    public void Pressure_is_told_each_time_and_not_after_removal()
    {
        PressureSource source = loop.AddPressure(null, Count);
        Assert.False(loop.Iterate(mayBlock: false));
        for (int round = 1; round <= 3; round++)
        {
            Assert.True(kernel.Send(kernel.Peer, "!"u8, Urgent).IsOk);
            loop.Iterate(mayBlock: true);
            Assert.Equal(round, calls);
        }

        kernel.Send(kernel.Peer, "!"u8, Urgent);
        source.Remove();
        Assert.False(loop.Iterate(mayBlock: false));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void A_control_group_that_goes_ends_the_source_with_a_notice()
    {
        bool ended = false;
        PressureSource source = loop.AddPressure(null, (self, isEnded) =>
        {
            ended = isEnded;
            Assert.False(self.IsActive);
        });
        kernel.SetSocketOption(kernel.Peer, SocketLevel, Linger, [1, 0, 0, 0, 0, 0, 0, 0]);
        kernel.Close(kernel.Peer);
        while (!ended)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.False(source.IsActive);
        Assert.False(loop.Iterate(mayBlock: false));
    }

    [Theory]
    [InlineData(Errno.ENOENT, "no pressure stall information")]
    [InlineData(Errno.EOPNOTSUPP, "switched off")]
    [InlineData(Errno.EINVAL, "multiple of 2 s")]
    [InlineData(Errno.EACCES, "EACCES")]
    public void What_stands_in_the_way_is_said(Errno error, string words)
    {
        kernel.OpenError = error;
        Exception refused = Assert.Throws<InvalidOperationException>(() => loop.AddPressure(null, Count));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(error, loop.TryAddPressure(new PressureTrigger(), Count, out PressureSource? none).Error);
        Assert.Null(none);
    }

    [Fact]
    public void The_running_kernel_takes_a_trigger_or_says_that_it_has_none()
    {
        using EventLoop real = new(new LinuxKernel());
        Result result = real.TryAddPressure(new PressureTrigger(), (_, _) => { }, out PressureSource? source);
        Assert.Equal(File.Exists(PressureTrigger.SystemMemory), result.IsOk);
        Assert.Equal(result.IsOk, source is not null);
        if (result.IsOk)
        {
            PressureTrigger tooShort = new() { Window = TimeSpan.FromMilliseconds(1) };
            Assert.Equal(Errno.EINVAL, real.TryAddPressure(tooShort, (_, _) => { }, out _).Error);
        }
    }

    public void Dispose()
    {
        loop.Dispose();
        kernel.End();
    }

    private void Count(PressureSource source, bool isEnded)
    {
        calls++;

        // The pressure file's event is over once it was told; urgent data must be read.
        kernel.Receive(kernel.Ours, stackalloc byte[8], Urgent);
    }

    private sealed class PressureKernel : LinuxKernel
    {
        public Errno OpenError { get; set; }

        public int Ours { get; private set; } = -1;

        public int Peer { get; private set; } = -1;

        public string Path { get; private set; } = "";

        public override Result Open(string path, FileFlags flags, uint mode = 0x180)
        {
            if (OpenError != Errno.None)
            {
                return Result.Fail(OpenError);
            }

            Path = path;
            int listener = Socket(AddressFamily.Inet, SocketType.Stream, 0).Int;
            Assert.True(Bind(listener, LoopbackPort(0)).IsOk);
            Assert.True(Listen(listener, 1).IsOk);
            LocalAddress(listener, out SocketAddress address);
            Ours = Socket(AddressFamily.Inet, SocketType.Stream, 0).Int;
            Connect(Ours, address);
            Result accepted;
            do
            {
                accepted = Accept(listener, out _);
            }
            while (accepted.Is(Errno.EAGAIN));

            Peer = accepted.Int;
            Close(listener);
            return Result.Ok(Ours);
        }

        public void End() => Close(Peer);

        private static SocketAddress LoopbackPort(ushort port) => SocketAddress.Inet(IpAddress.Parse("127.0.0.1"), port);
    }
}
