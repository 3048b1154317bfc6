using System;
using System.Globalization;
using System.Text;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Tests.Storage;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.Logging;

public sealed class SinkTests : IDisposable
{
    private readonly LinuxKernel kernel = new();
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_pipe_that_nobody_reads_loses_lines_and_does_not_stop_us()
    {
        int[] pipe = new int[2];
        Assert.True(kernel.Pipe(pipe).IsOk);
        using DescriptorSink sink = new(kernel, pipe[1], isJournal: false);
        for (int i = 0; i < 2000; i++)
        {
            sink.Write(LogLevel.Information, new string('x', 99));
        }

        Assert.InRange(sink.Dropped, 1, 1999);
        string all = ReadAll(pipe[0]);
        Assert.Equal(2000 - sink.Dropped, all.Length / 100);

        long lost = sink.Dropped;
        sink.Write(LogLevel.Information, "again");
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{lost} log lines were lost\nagain\n"), ReadAll(pipe[0]));
        kernel.Close(pipe[0]);
        kernel.Close(pipe[1]);
    }

    [Fact]
    public void The_journal_gets_priorities()
    {
        int[] pipe = new int[2];
        Assert.True(kernel.Pipe(pipe).IsOk);
        using DescriptorSink sink = new(kernel, pipe[1], isJournal: true);
        sink.Write(LogLevel.Error, "a");
        sink.Write(LogLevel.Debug, "b");
        Assert.Equal("<3>a\n<7>b\n", ReadAll(pipe[0]));
        kernel.Close(pipe[0]);
        kernel.Close(pipe[1]);
    }

    [Fact]
    public void The_journal_is_told_from_others_by_device_and_inode()
    {
        int[] pipe = new int[2];
        Assert.True(kernel.Pipe(pipe).IsOk);
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{pipe[1]}");
        Assert.True(kernel.Status(path, out FileStatus status).IsOk);
        string stream = string.Create(CultureInfo.InvariantCulture, $"{status.Device}:{status.Inode}");
        Assert.True(DescriptorSink.IsJournal(kernel, pipe[1], stream));
        Assert.False(DescriptorSink.IsJournal(kernel, pipe[1], stream + "0"));
        Assert.False(DescriptorSink.IsJournal(kernel, pipe[1], null));
        kernel.Close(pipe[0]);
        kernel.Close(pipe[1]);
    }

    [Fact]
    public void A_regular_file_is_written_to()
    {
        string path = directory.Path("log");
        int fd = kernel.Open(path, FileFlags.Write | FileFlags.Create).Int;
        using DescriptorSink sink = new(kernel, fd, isJournal: false);
        sink.Write(LogLevel.Error, "a");
        Assert.Equal("a\n", directory.Read("log"));
        Assert.Equal(0, sink.Dropped);
        kernel.Close(fd);
    }

    [Fact]
    public void The_system_log_gets_datagrams_of_the_daemon_facility_and_is_found_when_it_comes_back()
    {
        string path = directory.Path("dev-log");
        using SyslogSink sink = new(kernel, path);
        sink.Write(LogLevel.Error, "too early");
        Assert.Equal(1, sink.Dropped);

        int log = Listen(path);
        sink.Write(LogLevel.Error, "a");
        string head = string.Create(CultureInfo.InvariantCulture, $"spindled[{kernel.ProcessId}]: ");
        Assert.Equal($"<28>{head}1 log lines were lost", Receive(log));
        Assert.Equal($"<27>{head}a", Receive(log));

        kernel.Close(log);
        kernel.Unlink(path);
        log = Listen(path);
        sink.Write(LogLevel.Information, "b");
        Assert.Equal($"<30>{head}b", Receive(log));
        kernel.Close(log);
    }

    [Fact]
    public void A_system_log_that_does_not_read_loses_lines_and_does_not_stop_us()
    {
        int log = Listen(directory.Path("dev-log"));
        using SyslogSink sink = new(kernel, directory.Path("dev-log"));
        for (int i = 0; i < 5000; i++)
        {
            sink.Write(LogLevel.Error, "a");
        }

        Assert.InRange(sink.Dropped, 1, 4999);
        kernel.Close(log);
    }

    private int Listen(string path)
    {
        int fd = kernel.Socket(AddressFamily.Unix, SocketType.Datagram, 0).Int;
        Assert.True(SocketAddress.TryUnix(path, out SocketAddress address));
        Assert.True(kernel.Bind(fd, address).IsOk);
        return fd;
    }

    private string Receive(int fd)
    {
        byte[] octets = new byte[4096];
        Result received = kernel.Receive(fd, octets);
        return received.IsOk ? Encoding.UTF8.GetString(octets, 0, received.Int) : $"({received.Error})";
    }

    private string ReadAll(int fd)
    {
        StringBuilder all = new();
        byte[] octets = new byte[65536];
        Result read;
        while ((read = kernel.Read(fd, octets)) is { IsOk: true, Value: > 0 })
        {
            all.Append(Encoding.UTF8.GetString(octets, 0, read.Int));
        }

        return all.ToString();
    }
}
