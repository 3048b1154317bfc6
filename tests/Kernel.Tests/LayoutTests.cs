using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels.Tests;

/// <summary>Structures and numbers as the headers have them, for both architectures.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void An_epoll_event_is_packed_on_x86_64_and_aligned_on_arm64()
    {
        Assert.Equal(12, Unsafe.SizeOf<Polling.PackedEvent>());
        Assert.Equal(16, Unsafe.SizeOf<EpollEvent>());
        EpollEvent[] aligned = [new(0x01020304, 0x1112131415161718)];
        Assert.Equal(
            "04030201" + "00000000" + "1817161514131211", Convert.ToHexString(MemoryMarshal.AsBytes(aligned.AsSpan())));
        Polling.PackedEvent[] packed = [new() { Events = 0x01020304, Data = 0x1112131415161718 }];
        Assert.Equal("04030201" + "1817161514131211", Convert.ToHexString(MemoryMarshal.AsBytes(packed.AsSpan())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Packed_events_spread_in_their_own_buffer(int count)
    {
        EpollEvent[] buffer = new EpollEvent[8];
        Span<Polling.PackedEvent> packed = MemoryMarshal.Cast<EpollEvent, Polling.PackedEvent>(buffer.AsSpan());
        for (uint index = 0; index < count; index++)
        {
            packed[(int)index] = new() { Events = index + 1, Data = ulong.MaxValue - index };
        }

        Polling.Unpack(buffer, count);
        for (uint index = 0; index < count; index++)
        {
            Assert.Equal(new EpollEvent(index + 1, ulong.MaxValue - index), buffer[index]);
        }
    }

    [Fact]
    public void Other_structures_have_the_sizes_of_a_64_bit_kernel()
    {
        Assert.Equal(16, Unsafe.SizeOf<TimeSpec>());
        Assert.Equal(16, Unsafe.SizeOf<Sockets.Vector>());
        Assert.Equal(56, Unsafe.SizeOf<Sockets.MessageHeader>());
        Assert.Equal(16, Unsafe.SizeOf<Sockets.FilterProgram>());
        Assert.Equal(8, Unsafe.SizeOf<BpfInstruction>());
        Assert.Equal(8, Unsafe.SizeOf<SignalSet>());
    }

    [Theory]
    [InlineData(FileFlags.Read, false, 0x80100)]
    [InlineData(FileFlags.Write, false, 0x80101)]
    [InlineData(FileFlags.Read | FileFlags.Write, false, 0x80102)]
    [InlineData(FileFlags.Write | FileFlags.Create | FileFlags.Exclusive, true, 0x801C1)]
    [InlineData(FileFlags.Write | FileFlags.Truncate | FileFlags.Append, true, 0x80701)]
    [InlineData(FileFlags.Read | FileFlags.NonBlocking, true, 0x80900)]
    [InlineData(FileFlags.Read | FileFlags.Directory, false, 0x90100)]
    [InlineData(FileFlags.Read | FileFlags.Directory, true, 0x84100)]
    [InlineData(FileFlags.Read | FileFlags.NoFollow, false, 0xA0100)]
    [InlineData(FileFlags.Read | FileFlags.NoFollow, true, 0x88100)]
    public void Open_flags_are_the_architecture_s(FileFlags flags, bool isArm64, int expected) =>
        Assert.Equal(expected, Files.ToNumbers(flags, isArm64));

    [Fact]
    public void A_timeout_in_milliseconds_is_rounded_up_and_never_early()
    {
        Assert.Equal(-1, Polling.ToMilliseconds(null));
        Assert.Equal(0, Polling.ToMilliseconds(TimeSpan.Zero));
        Assert.Equal(0, Polling.ToMilliseconds(TimeSpan.FromSeconds(-1)));
        Assert.Equal(1, Polling.ToMilliseconds(TimeSpan.FromTicks(1)));
        Assert.Equal(1, Polling.ToMilliseconds(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(2, Polling.ToMilliseconds(TimeSpan.FromTicks(10_001)));
        Assert.Equal(int.MaxValue, Polling.ToMilliseconds(TimeSpan.MaxValue));
    }

    [Fact]
    public void A_time_goes_both_ways()
    {
        Instant instant = new(12_345_678_901);
        TimeSpec time = TimeSpec.Of(instant);
        Assert.Equal((12, 345_678_901), (time.Seconds, time.Nanoseconds));
        Assert.Equal(instant, time.ToInstant());
        TimeSpec span = TimeSpec.Of(TimeSpan.FromTicks(10_000_001));
        Assert.Equal((1, 100), (span.Seconds, span.Nanoseconds));
    }

    [Fact]
    public void A_signal_set_has_signal_1_lowest()
    {
        Assert.Equal(1UL, SignalSet.Of([1]).Bits);
        Assert.Equal(0x8000000000004000UL, SignalSet.Of([15, 64]).Bits);
        Assert.True(SignalSet.Of([15]).Contains(15));
        Assert.False(SignalSet.All.Without([15]).Contains(15));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalSet.Of([0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalSet.Of([65]));
    }

    [Fact]
    public void A_worker_blocks_what_is_sent_and_not_what_faults_or_what_the_runtime_needs()
    {
        foreach (int signal in new[] { 1, 2, 3, 10, 12, 13, 15, 17, 35, 64 })
        {
            Assert.True(SignalSet.Asynchronous.Contains(signal), $"{signal}");
        }

        foreach (int signal in new[] { 4, 5, 6, 7, 8, 11, 31, 32, 33, 34 })
        {
            Assert.False(SignalSet.Asynchronous.Contains(signal), $"{signal}");
        }
    }

    [Theory]
    [InlineData("Name:\tx\nSigBlk:\t0000000000004000\nSigIgn:\t0\n", true)]
    [InlineData("Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0\n", false)]
    public void The_mask_in_a_status_file_is_found(string status, bool isBlocked)
    {
        Assert.True(Signals.TryParseMask(System.Text.Encoding.ASCII.GetBytes(status), out SignalSet mask));
        Assert.Equal(isBlocked, mask.Contains(15));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nSigBlk:\t")]
    [InlineData("\nSigBlk:\t00\n")]
    [InlineData("\nSigBlk:\t000000000000400g\n")]
    [InlineData("\nSigBlk:\t00000000000040000\n")]
    public void A_broken_status_file_is_refused(string status) =>
        Assert.False(Signals.TryParseMask(System.Text.Encoding.ASCII.GetBytes(status), out _));
}
