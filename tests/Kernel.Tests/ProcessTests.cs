using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace Spindle.Kernels.Tests;

public sealed class ProcessTests : KernelTest
{
    private const int SignalTerminate = 15;

    /// <summary>Runs a shell command to its end and gives what it wrote.</summary>
    private string Run(string command, out ExitStatus status)
    {
        (int reader, int writer) = Pipe();
        Result child = Kernel.Spawn(
            new SpawnRequest("/bin/sh", ["sh", "-c", command]) { Descriptors = [(writer, 1)] });
        Succeeds(child);
        Close(writer);
        StringBuilder text = new();
        byte[] octets = new byte[4096];
        for (Result read = default; ;)
        {
            Await(reader);
            read = Kernel.Read(reader, octets);
            if (read.Value == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(octets[..read.Int]));
        }

        Reap(child.Int, out status);
        return text.ToString();
    }

    private void Reap(int child, out ExitStatus status)
    {
        int pidFd = Own(Kernel.PidFdOpen(child));
        Await(pidFd);
        Assert.Equal(Result.Ok(child), Kernel.WaitForChild(pidFd, out status));
        Fails(Errno.ECHILD, Kernel.WaitForChild(pidFd, out _));
    }

    [Fact]
    public void A_child_runs_and_its_exit_code_comes_back()
    {
        Assert.Equal("hello\n", Run("echo hello; exit 5", out ExitStatus status));
        Assert.False(status.IsSignalled);
        Assert.Equal(5, status.Code);
    }

    [Fact]
    public void A_running_child_is_not_waited_for_and_a_signal_ends_it()
    {
        Result child = Kernel.Spawn(new SpawnRequest("/bin/sleep", ["sleep", "1000"]));
        int pidFd = Own(Kernel.PidFdOpen(child.Int));
        Fails(Errno.EAGAIN, Kernel.WaitForChild(pidFd, out _));
        Succeeds(Kernel.SendSignal(child.Int, SignalTerminate));
        Reap(child.Int, out ExitStatus status);
        Assert.Equal(new ExitStatus(child.Int, IsSignalled: true, Code: SignalTerminate), status);
        Fails(Errno.ESRCH, Kernel.PidFdOpen(child.Int));
        Fails(Errno.ESRCH, Kernel.SendSignal(child.Int, SignalTerminate));
    }

    [Fact]
    public void A_child_starts_with_a_clean_mask_and_default_dispositions()
    {
        // From a thread that blocks all it can, in a process whose runtime ignores SIGPIPE.
        string status = "";
        string own = File.ReadAllText("/proc/self/status");
        using ManualResetEventSlim done = new();
        Succeeds(Kernel.StartThread("blocker", () =>
        {
            status = Run("grep -E '^Sig(Blk|Ign)' /proc/self/status", out _);
            done.Set();
        }));
        done.Wait();
        Match ignored = Regex.Match(own, "SigIgn:\t([0-9a-f]+)");
        Assert.NotEqual(0ul, Convert.ToUInt64(ignored.Groups[1].Value, 16) & 0x1000); // nohup adds one of its own

        // glibc 2.36 leaves its own two, 32 and 33, ignored; nobody else may use them.
        status = status.Replace("SigIgn:\t0000000180000000", "SigIgn:\t0000000000000000", StringComparison.Ordinal);
        Assert.Equal(
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", status);
    }

    [Fact]
    public void A_child_gets_the_descriptors_it_was_given_even_crosswise_and_no_others()
    {
        (int readerA, int writerA) = Pipe();
        (int readerB, int writerB) = Pipe();
        string command = $"echo a >/proc/self/fd/{writerB}; echo b >/proc/self/fd/{writerA}; ls /proc/self/fd";
        (int reader, int writer) = Pipe();
        Result child = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", command])
        {
            Descriptors = [(writerA, writerB), (writerB, writerA), (writer, 1)],
        });
        Succeeds(child);
        Reap(child.Int, out _);
        byte[] octets = new byte[10];
        Assert.Equal(Result.Ok(2), Kernel.Read(readerA, octets));
        Assert.Equal((byte)'a', octets[0]);
        Assert.Equal(Result.Ok(2), Kernel.Read(readerB, octets));
        Assert.Equal((byte)'b', octets[0]);
        octets = new byte[500];
        int length = Kernel.Read(reader, octets).Int;
        string[] open = Encoding.ASCII.GetString(octets[..length]).Split('\n');
        Assert.Contains($"{writerA}", open);
        Assert.Contains($"{writerB}", open);
        Assert.DoesNotContain($"{readerA}", open);
        Assert.DoesNotContain($"{readerB}", open);
        Fails(Errno.EBADF, Kernel.Spawn(new SpawnRequest("/bin/true", ["true"]) { Descriptors = [(-1, 5)] }));
    }

    [Fact]
    public void A_child_gets_arguments_and_environment_and_a_session_of_its_own()
    {
        (int reader, int writer) = Pipe();
        Result child = Kernel.Spawn(
            new SpawnRequest("/bin/sh", ["sh", "-c", "echo $A $# \"$1\"; cut -d' ' -f6 /proc/$$/stat", "0", "ä ö", ""], ["A=ü"])
            {
                Descriptors = [(writer, 1)],
                NewSession = true,
            });
        Succeeds(child);
        Reap(child.Int, out _);
        byte[] octets = new byte[100];
        int length = Kernel.Read(reader, octets).Int;
        Assert.Equal($"ü 2 ä ö\n{child.Int}\n", Encoding.UTF8.GetString(octets[..length]));
    }

    [Fact]
    public void What_cannot_be_started_is_said()
    {
        Fails(Errno.ENOENT, Kernel.Spawn(new SpawnRequest("/nonexistent", ["x"])));
        Fails(Errno.EACCES, Kernel.Spawn(new SpawnRequest("/etc/passwd", ["x"])));
        Fails(Errno.ENOENT, Kernel.Execute("/nonexistent", ["x"], []));
    }

    [Fact]
    public void A_thread_of_ours_has_its_name_and_blocks_what_is_sent_to_the_process()
    {
        string status = "";
        using ManualResetEventSlim done = new();
        string before = MaskOf(File.ReadAllText("/proc/thread-self/status"));
        Succeeds(Kernel.StartThread("spindle-test", () =>
        {
            status = File.ReadAllText("/proc/thread-self/status");
            done.Set();
        }));
        string after = MaskOf(File.ReadAllText("/proc/thread-self/status"));
        done.Wait();
        Assert.StartsWith("Name:\tspindle-test\n", status, StringComparison.Ordinal);
        Assert.Equal($"{Linux.SignalSet.Asynchronous.Bits & ~0x40100UL:x16}", MaskOf(status)); // SIGKILL, SIGSTOP: never
        Assert.Equal(before, after);

        static string MaskOf(string text) => text.Split("SigBlk:\t")[1][..16];
    }

    [Theory]
    [InlineData("a name that is long", "a name that is ")]
    [InlineData("fünfzehn oktette", "fünfzehn oktet")]
    public void Linux_keeps_15_octets_of_a_threads_name(string name, string kept)
    {
        string comm = "";
        using ManualResetEventSlim done = new();
        Succeeds(Kernel.StartThread(name, () =>
        {
            comm = File.ReadAllText("/proc/thread-self/comm");
            done.Set();
        }));
        done.Wait();
        Assert.Equal(kept + "\n", comm);
    }

    [Fact]
    public void A_stepping_thread_misses_no_wake_and_makes_a_step_for_each_while_it_rests()
    {
        const int Wakes = 20_000;
        int steps = 0;
        SteppingThread? thread = null;
        using ManualResetEventSlim rested = new();
        using ManualResetEventSlim ended = new();
        Succeeds(Kernel.StartThread("stepper", self =>
        {
            thread = self;
            rested.Set();
            if (Interlocked.Increment(ref steps) <= Wakes)
            {
                return ThreadStep.Rest;
            }

            ended.Set();
            return ThreadStep.End;
        }));
        rested.Wait();
        for (int wake = 1; wake <= Wakes; wake++)
        {
            // One wake, one step: a lost one would leave us here for good.
            thread!.Wake();
            SpinWait.SpinUntil(() => Volatile.Read(ref steps) > wake);
        }

        ended.Wait();
        Assert.Equal(Wakes + 1, steps);
        thread!.Wake();
    }

    [Fact]
    public void Wakes_within_a_step_are_one_and_again_needs_none()
    {
        List<int> steps = [];
        using ManualResetEventSlim ended = new();
        Succeeds(Kernel.StartThread("stepper", self =>
        {
            steps.Add(steps.Count);
            switch (steps.Count)
            {
                case 1:
                    return ThreadStep.Again;
                case 2:
                    self.Wake();
                    self.Wake();
                    return ThreadStep.Rest;
                default:
                    ended.Set();
                    return ThreadStep.End;
            }
        }));
        ended.Wait();
        Assert.Equal([0, 1, 2], steps);
    }

    [Fact]
    public void Blocking_concerns_the_calling_thread_and_a_signalfd_then_waits()
    {
        using ManualResetEventSlim done = new();
        Succeeds(Kernel.StartThread("blocker", () =>
        {
            Succeeds(Kernel.BlockSignals([50]));
            Assert.False(Kernel.IsBlockedInAllThreads(50));
            done.Set();
        }));
        done.Wait();
        int fd = Own(Kernel.SignalFd([50]));
        Fails(Errno.EAGAIN, Kernel.ReadSignal(fd));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.SignalFd([0]));
    }

    [Fact]
    public void The_process_has_its_number_and_its_thread_a_slack()
    {
        Assert.Equal(Environment.ProcessId, Kernel.ProcessId);
        using ManualResetEventSlim done = new();
        string slack = "";
        Succeeds(Kernel.StartThread("slack", () =>
        {
            Kernel.SetTimerSlack(TimeSpan.FromMicroseconds(7));
            int tid = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), null);
            slack = File.ReadAllText($"/proc/{tid}/timerslack_ns").Trim();
            done.Set();
        }));
        done.Wait();
        Assert.Equal("7000", slack);
    }
}
