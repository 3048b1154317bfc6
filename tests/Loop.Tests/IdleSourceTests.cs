using System;

namespace Spindle.Loop.Tests;

public sealed class IdleSourceTests : LoopTest
{
    [Fact]
    public void Five_equal_ones_are_called_equally_often()
    {
        int[] counts = new int[5];
        for (int index = 0; index < 5; index++)
        {
            int mine = index;
            Loop.AddIdle(_ => ++counts[mine] > 0);
        }

        for (int turn = 0; turn < 20; turn++)
        {
            Loop.Iterate(mayBlock: true);
        }

        Assert.Equal([20, 20, 20, 20, 20], counts);
    }

    [Fact]
    public void A_spinning_one_starves_neither_timers_nor_descriptors_of_its_own_priority()
    {
        int fd = EventFd(1);
        int spins = 0;
        Loop.AddIdle(_ => ++spins > 0, Priority.Default);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        timer.ArmAfter(TimeSpan.FromMicroseconds(100));
        TurnUntil(() => Trace.Count == 2);
        Trace.Sort(StringComparer.Ordinal);
        Assert.Equal("fd timer", TakeTrace());
    }

    [Fact]
    public void One_added_by_another_waits_for_the_next_turn()
    {
        Loop.AddIdle(_ =>
        {
            Trace.Add("outer");
            Loop.AddIdle(_ => { Trace.Add("inner"); return false; });
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("outer", TakeTrace());
        Loop.Iterate(mayBlock: true);
        Assert.Equal("inner", TakeTrace());
    }
}
