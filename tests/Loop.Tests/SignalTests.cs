using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>Signals, sent to a program of their own: <c>tests/Programs/SignalProgram</c>.</summary>
public sealed class SignalTests : LoopTest
{
    private const int SignalKill = 9;
    private const int SignalUser1 = 10;
    private const int SignalUser2 = 12;
    private const int SignalTerminate = 15;
    private const int SignalWindowChange = 28;

    private readonly StringBuilder letters = new();
    private ExitStatus? ended;
    private int child;

    [Theory]
    [InlineData("blocked", 'B')]
    [InlineData("runtime", 'U')]
    public void A_thousand_SIGTERMs_are_all_seen_and_none_kills(string mode, char ready)
    {
        Start(mode);
        TurnUntil(() => letters.Length > 0 || ended is not null);
        Assert.Null(ended);
        Assert.Equal($"{ready}", letters.ToString());
        for (int count = 1; count <= 1000; count++)
        {
            Assert.True(Kernel.SendSignal(child, SignalTerminate).IsOk);
            TurnUntil(() => letters.Length > count || ended is not null);
            Assert.Null(ended);
        }

        Assert.Equal(ready + new string('t', 1000), letters.ToString());
        End();
    }

    [Theory]
    [InlineData("blocked")]
    [InlineData("runtime")]
    public void A_storm_of_two_signals_kills_nobody_and_the_last_of_each_is_seen(string mode)
    {
        Start(mode);
        TurnUntil(() => letters.Length > 0 || ended is not null);
        for (int count = 0; count < 1000; count++)
        {
            Kernel.SendSignal(child, SignalTerminate);
            Kernel.SendSignal(child, SignalUser1);
        }

        TurnUntil(() => Count('t') > 0 && Count('u') > 0);
        Assert.Null(ended);
        End();
        Assert.InRange(Count('t'), 1, 1000);
        Assert.InRange(Count('u'), 1, 1000);
    }

    [Fact]
    public void Several_sources_of_one_signal_are_all_called_by_priority()
    {
        // Harmless to whoever else is in this process: its default is to be ignored.
        SignalSource low = Loop.AddSignal(SignalWindowChange, (_, signal) => Trace.Add($"low{signal}"), Priority.Low);
        SignalSource high = Loop.AddSignal(SignalWindowChange, (_, signal) => Trace.Add($"high{signal}"));
        Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("high28 low28", TakeTrace());

        high.Remove();
        Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
        TurnUntil(() => Trace.Count == 1);
        low.Remove();
        Assert.Equal("low28", TakeTrace());
    }

    [Theory]
    [InlineData("blocked-two")]
    [InlineData("runtime-two")]
    public void Of_two_loops_that_watch_one_signal_both_see_all_of_a_thousand(string mode)
    {
        Start(mode);
        TurnUntil(() => letters.Length > 0 || ended is not null);
        for (int count = 1; count <= 1000; count++)
        {
            Assert.True(Kernel.SendSignal(child, SignalTerminate).IsOk);
            TurnUntil(() => letters.Length > count * 2 || ended is not null);
            Assert.Null(ended);
            Assert.Equal(count, Count('t'));
            Assert.Equal(count, Count('T'));
        }

        End();
    }

    [Fact]
    public void Two_loops_of_one_thread_both_see_a_signal_and_one_may_leave()
    {
        using EventLoop other = new(Kernel);
        Loop.AddSignal(SignalWindowChange, (_, _) => Trace.Add("first"));
        SignalSource second = other.AddSignal(SignalWindowChange, (_, _) => Trace.Add("second"));
        Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
        TurnUntil(() => Trace.Count == 1);
        while (Trace.Count < 2)
        {
            other.Iterate(mayBlock: true);
        }

        Assert.Equal("first second", TakeTrace());
        second.Remove();
        Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange);
        TurnUntil(() => Trace.Count == 1);
        Assert.False(other.Iterate(mayBlock: false));
        Assert.Equal("first", TakeTrace());
    }

    [Fact]
    public void Real_time_signals_queue_each_with_its_value_and_sender()
    {
        const int RealTime = 40;
        Start("blocked-values");
        TurnUntil(() => letters.Length > 0 || ended is not null);
        letters.Clear();
        string expected = "";
        for (int value = 0; value < 300; value++)
        {
            Assert.True(Kernel.SendSignal(child, RealTime, value).IsOk);
            expected += $"{value}/{Kernel.ProcessId};";
        }

        TurnUntil(() => letters.Length >= expected.Length || ended is not null);
        Assert.Equal(expected, letters.ToString());
        End();
    }

    [Theory]
    [InlineData("blocked-again")]
    [InlineData("runtime-again")]
    public void A_signal_raised_in_its_own_callback_comes_again(string mode)
    {
        Start(mode);
        TurnUntil(() => letters.Length > 0 || ended is not null);
        Kernel.SendSignal(child, SignalUser1);
        TurnUntil(() => letters.Length == 6 || ended is not null);
        Assert.Equal("uuuuu", letters.ToString()[1..]);
        End();
    }

    [Fact]
    public void With_the_last_watch_the_signal_does_again_what_it_did_before()
    {
        Start("runtime-restored");
        TurnUntil(() => letters.Length > 0 || ended is not null);
        Kernel.SendSignal(child, SignalUser1);
        TurnUntil(() => ended is not null);
        Assert.Equal(new ExitStatus(child, IsSignalled: true, Code: SignalUser1), ended);
    }

    [Fact]
    public void A_signal_that_cannot_be_caught_is_refused() =>
        Assert.ThrowsAny<Exception>(() => Loop.AddSignal(SignalKill, (_, _) => { }));

    protected override void Dispose(bool disposing)
    {
        if (ended is null && child != 0)
        {
            Kernel.SendSignal(child, SignalKill);
            TurnUntil(() => ended is not null);
        }

        base.Dispose(disposing);
    }

    private void Start(string mode)
    {
        (int reader, int writer) = Pipe();
        List<string> environment = ["SPINDLE_TEST=ä=1"];
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{variable.Key}={variable.Value}");
        }

        string path = Path.Combine(AppContext.BaseDirectory, "SignalProgram");
        Result result = Kernel.Spawn(
            new SpawnRequest(path, [path, mode, "a b", ""], environment) { Descriptors = [(writer, 1)] });
        Assert.True(result.IsOk, result.ToString());
        child = result.Int;
        Loop.AddChild(child, (_, status) => ended = status, Priority.Low);
        Loop.AddFd(reader, FdEvents.Readable, (source, _) => ReadLetters(source));
        Close(writer);
    }

    private void ReadLetters(FdSource source)
    {
        Span<byte> octets = stackalloc byte[256];
        Result read = Kernel.Read(source.Fd, octets);
        if (read is { IsOk: true, Value: 0 })
        {
            source.Remove();
        }

        letters.Append(Encoding.ASCII.GetString(octets[..read.Int]));
    }

    private int Count(char letter) => letters.ToString().Split(letter).Length - 1;

    private void End()
    {
        Kernel.SendSignal(child, SignalUser2);
        TurnUntil(() => ended is not null);
        Assert.Equal(new ExitStatus(child, IsSignalled: false, Code: 0), ended);
    }
}
