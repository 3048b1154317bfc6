using System;
using Spindle.Basics;

namespace Spindle.Simulation.Time;

/// <summary>A clock that stands still until it is moved, and the alarms set on it.</summary>
internal sealed class VirtualClock
{
    private Alarm[] heap = new Alarm[8];
    private int count;
    private long numbers;

    public VirtualClock(Instant start) => Now = start;

    public Instant Now { get; private set; }

    /// <summary>When the next alarm goes off; never if none is set.</summary>
    public Instant NextAt => count == 0 ? Instant.Never : heap[0].At;

    /// <summary>Sets an alarm. One for an instant that has passed goes off with the next movement, however small.</summary>
    public Alarm Set(Instant at, Action action)
    {
        Alarm alarm = new(this, action);
        alarm.Set(at);
        return alarm;
    }

    /// <summary>Moves the clock; alarms go off in their order, each with the clock at its own instant.</summary>
    public void AdvanceTo(Instant target)
    {
        while (count > 0 && heap[0].At <= target)
        {
            MoveTo(heap[0].At);
            GoOff();
        }

        MoveTo(target);
    }

    /// <summary>Moves the clock and nothing else: <see cref="RunDue"/> comes next, when other clocks have been moved, too.</summary>
    public void MoveTo(Instant target) => Now = Instant.Max(Now, target);

    /// <summary>The alarms that are due go off, in their order.</summary>
    public void RunDue()
    {
        while (count > 0 && heap[0].At <= Now)
        {
            GoOff();
        }
    }

    internal void Insert(Alarm alarm)
    {
        if (count == heap.Length)
        {
            Array.Resize(ref heap, count * 2);
        }

        alarm.Number = ++numbers;
        Rise(alarm, count++);
    }

    internal void Remove(Alarm alarm)
    {
        int place = alarm.Place;
        alarm.Place = -1;
        Alarm last = heap[--count];
        heap[count] = null!;
        if (last != alarm)
        {
            Rise(last, place);
            Sink(last, last.Place);
        }
    }

    private void GoOff()
    {
        Alarm alarm = heap[0];
        Remove(alarm);
        alarm.Action();
    }

    private void Rise(Alarm alarm, int place)
    {
        while (place > 0 && alarm.IsBefore(heap[(place - 1) / 2]))
        {
            Put(heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(alarm, place);
    }

    private void Sink(Alarm alarm, int place)
    {
        while ((place * 2) + 1 is int child && child < count)
        {
            child += child + 1 < count && heap[child + 1].IsBefore(heap[child]) ? 1 : 0;
            if (!heap[child].IsBefore(alarm))
            {
                break;
            }

            Put(heap[child], place);
            place = child;
        }

        Put(alarm, place);
    }

    private void Put(Alarm alarm, int place)
    {
        heap[place] = alarm;
        alarm.Place = place;
    }
}
