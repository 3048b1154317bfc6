using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>libuv's signal cases that concern a loop alone, and sd-event's priorities of signals. What takes a process of its own
/// is in <see cref="SignalTests"/>.</summary>
public sealed class UvSignalTests : CaseTest
{
    // Harmless to whoever else is in this process: its default is to be ignored.
    private const int SignalWindowChange = 28;
    private const int SignalUrgent = 23;

    [Fact]
    public void One_that_removes_itself_is_called_once_and_the_others_go_on() // we_get_signal_one_shot, mixed
    {
        Loop.AddSignal(SignalWindowChange, (self, _) => { Trace.Add("once"); self.Remove(); });
        Loop.AddSignal(SignalWindowChange, (_, _) => Trace.Add("ever"));
        for (int round = 1; round <= 3; round++)
        {
            Assert.True(Kernel.SendSignal(Kernel.ProcessId, SignalWindowChange).IsOk);
            TurnUntil(() => Trace.Count == round + 1);
        }

        Assert.Equal("once ever ever ever", TakeTrace());
    }

    [Fact]
    public void A_signal_that_waits_for_its_callback_goes_with_its_source() // signal_pending_on_close
    {
        SignalSource source = Loop.AddSignal(SignalWindowChange, (_, _) => Trace.Add("gone"));
        source.Raise(new SignalInfo(SignalWindowChange));
        Assert.True(Loop.HasPending());
        source.Remove();
        Assert.False(Loop.Iterate(mayBlock: false));

        SignalSource other = Loop.AddSignal(SignalWindowChange, (_, _) => Trace.Add("gone"));
        other.Raise(new SignalInfo(SignalWindowChange));
        Loop.Dispose();
        Assert.Empty(Trace);
    }

    [Fact]
    public void Of_two_signals_the_better_priority_goes_first_and_one_that_came_twice_is_told_once() // sd-event: rtqueue
    {
        SignalSource low = Loop.AddSignal(SignalWindowChange, (self, _) => Trace.Add("low"), Priority.Low);
        SignalSource high = Loop.AddSignal(SignalUrgent, (self, _) => Trace.Add("high"), Priority.High);
        low.Raise(new SignalInfo(SignalWindowChange));
        low.Raise(new SignalInfo(SignalWindowChange));
        high.Raise(new SignalInfo(SignalUrgent));
        Exhaust();
        Assert.Equal("high low", TakeTrace());
    }

    [Fact]
    public void Real_time_signals_that_wait_are_told_one_by_one() // sd-event: rtqueue
    {
        const int RealTime = 44;
        SignalSource source = Loop.AddSignal(RealTime, (self, _) => Trace.Add($"{self.Info.Value}"));
        for (int value = 1; value <= 3; value++)
        {
            source.Raise(new SignalInfo(RealTime) { Value = value });
        }

        Exhaust();
        Assert.Equal("1 2 3", TakeTrace());
    }
}
