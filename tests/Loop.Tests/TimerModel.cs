using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>
/// A loop on clocks of its own with random timers, and beside it a sorted list that says what must happen: no callback before
/// its time, each arming called once, in the order of deadlines and armings, none left behind, and no wait that goes on too long.
/// </summary>
internal sealed class TimerModel : IDisposable
{
    private const long Tick = 100; // a wait is rounded up to that

    private readonly VirtualKernel kernel = new();
    private readonly EventLoop loop;
    private readonly Random random;
    private readonly string seedText;
    private readonly List<Entry> entries = [];
    private readonly SortedSet<(long At, long Order, int Index)> open = [];
    private readonly int nestingMax;
    private readonly int[] priorities;
    private readonly ClockId[] clocks;
    private readonly bool hasWindows;
    private readonly bool throws;
    private long orders;
    private long turns;
    private long turnOrder;
    private long turnNow;
    private int nesting;
    private bool isDisturbed;
    private bool isOverslept;

    public TimerModel(int seed)
    {
        random = new Random(seed);
        seedText = $"seed {seed}";
        loop = new EventLoop(kernel) { UnhandledException = (_, exception) => Check(exception is FormatException, exception.ToString()) };
        nestingMax = random.Next(2) * random.Next(4);
        priorities = random.Next(4) == 0 ? [Priority.High, Priority.Default] : [Priority.Default];
        clocks = random.Next(4) == 0
            ? [ClockId.Monotonic, ClockId.Boottime, ClockId.Realtime]
            : [ClockId.Monotonic];
        hasWindows = random.Next(3) == 0;
        throws = random.Next(8) == 0;
        int count = random.Next(10) switch { < 6 => random.Next(1, 30), < 8 => random.Next(30, 200), _ => random.Next(600, 1400) };
        for (int index = 0; index < count; index++)
        {
            AddEntry();
        }
    }

    /// <summary>Callbacks that came.</summary>
    public int Calls { get; private set; }

    private bool IsStrict => priorities.Length == 1 && clocks.Length == 1;

    private sealed class Entry
    {
        public required int Index { get; init; }

        public required ClockId Clock { get; init; }

        public required TimerSource Timer { get; init; }

        public long DueAt { get; set; } = long.MaxValue;

        public long Order { get; set; }

        public int Blocked { get; set; }

        public bool IsQueued { get; set; }
    }

    public void Dispose() => loop.Dispose();

    /// <summary>Random things, and turns between them.</summary>
    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            int burst = random.Next(8) == 0 ? entries.Count : random.Next(4);
            for (int index = 0; index < burst; index++)
            {
                Change();
            }

            if (random.Next(3) == 0)
            {
                kernel.Advance(TimeSpan.FromTicks(Math.Abs(Span() / Tick)));
            }

            Turn(mayBlock: random.Next(2) == 0);
        }

        Drain();
    }

    private void Drain()
    {
        while (Turn(mayBlock: false))
        {
        }

        Check(!entries.Any(entry => entry.IsQueued && entry.DueAt <= Now(entry.Clock)), "a timer that is due was left behind");
        Check(entries.All(entry => entry.DueAt == entry.Timer.DueAt.Nanoseconds), "a deadline is not what it was set to");
    }

    private bool Turn(bool mayBlock)
    {
        (long number, long outerOrder, long outerNow) = (++turns, turnOrder, turnNow);
        (turnOrder, turnNow) = (orders, long.MinValue);
        bool waits = mayBlock && open.Count > 0 && !isDisturbed;
        if (waits)
        {
            ExpectWake(entries.Where(entry => entry.IsQueued).Min(Wait), number);
        }

        bool isCalled = loop.Iterate(waits);
        Check(!isOverslept, "the loop slept too long");
        Check(isCalled || !waits || isDisturbed, "the loop woke for nothing");
        if (number == turns && IsStrict && turnNow != long.MinValue)
        {
            Check(!Eligible().Any(place => place.At <= turnNow), "a timer was not called in its turn");
        }

        // Whoever is interrupted by a turn leaves its rest to that one, and it goes before what comes later.
        isDisturbed = (isDisturbed || number != turns) && isCalled;
        (turnOrder, turnNow) = (outerOrder, outerNow);
        return isCalled;
    }

    // How long until the loop must have woken for it, at the latest.
    private long Wait(Entry entry)
    {
        long end = entry.DueAt + (entry.Timer.Accuracy.Ticks * Tick);
        return end < entry.DueAt ? long.MaxValue : Math.Max(0, end - Now(entry.Clock));
    }

    private void ExpectWake(long after, long number)
    {
        if (after < long.MaxValue / 4)
        {
            kernel.Plan(new Instant(Now(ClockId.Monotonic) + after + Tick), () =>
            {
                if (number == turns && turnNow == long.MinValue)
                {
                    isOverslept = true;
                    loop.Wake();
                }
            });
        }
    }

    private void Change()
    {
        Entry entry = entries[random.Next(entries.Count)];
        switch (random.Next(20))
        {
            case 0 or 1:
                Forget(entry);
                entry.DueAt = long.MaxValue;
                entry.Timer.Disarm();
                break;
            case 2:
                Forget(entry);
                entry.Timer.Remove();
                entries[entry.Index] = NewEntry(entry.Index);
                break;
            case 3:
                entry.Timer.IsEnabled = !entry.Timer.IsEnabled;
                Queue(entry);
                break;
            case 4 when hasWindows:
                entry.Timer.Accuracy = TimeSpan.FromTicks(random.Next(3) * Math.Abs(Span() / Tick));
                break;
            default:
                Forget(entry);
                entry.DueAt = random.Next(3) == 0 ? entries[random.Next(entries.Count)].DueAt : Now(entry.Clock) + Span();
                entry.Timer.ArmAt(new Instant(entry.DueAt));
                Queue(entry);
                break;
        }
    }

    private void Called(Entry entry, Instant now)
    {
        Calls++;
        turnNow = entry.Clock == ClockId.Monotonic ? now.Nanoseconds : turnNow;
        Check(entry.IsQueued, "a timer was called that was not armed");
        Check(entry.DueAt <= now.Nanoseconds && now.Nanoseconds <= Now(entry.Clock), "a timer was called early");
        Check(entry.Order <= turnOrder, "a timer was called in the turn it was armed in");
        if (IsStrict && !isDisturbed)
        {
            Check(Eligible().First().Index == entry.Index, "another timer was before this one");
        }
        else if (!isDisturbed && clocks.Length == 1)
        {
            Check(
                entry.Timer.Priority == priorities[0] || !Eligible().Any(place =>
                    place.At <= now.Nanoseconds && entries[place.Index].Timer.Priority == priorities[0]),
                "a timer of a better priority was due");
        }

        Forget(entry);
        entry.DueAt = long.MaxValue;
        for (int changes = random.Next(4) - 1; changes > 0; changes--)
        {
            Change();
        }

        if (nesting < nestingMax && random.Next(8) == 0 && entries[entry.Index] == entry)
        {
            Nest(entry);
        }

        if (throws && random.Next(8) == 0)
        {
            throw new FormatException();
        }
    }

    /// <summary>A turn inside a callback, whose timer is blocked meanwhile.</summary>
    private void Nest(Entry entry)
    {
        nesting++;
        entry.Blocked++;
        Queue(entry);
        isDisturbed = true;
        Turn(mayBlock: random.Next(2) == 0);
        isDisturbed = true;
        nesting--;
        entry.Blocked--;
        Queue(entries[entry.Index]);
    }

    private void AddEntry() => entries.Add(NewEntry(entries.Count));

    private Entry NewEntry(int index)
    {
        Entry? entry = null;
        ClockId clock = clocks[random.Next(clocks.Length)];
        TimerSource timer = loop.AddTimer(
            (_, now) => Called(entry!, now), priorities[random.Next(priorities.Length)], $"{index}", clock);
        return entry = new Entry { Index = index, Clock = clock, Timer = timer };
    }

    /// <summary>What was armed before the turn, in its order.</summary>
    private IEnumerable<(long At, long Order, int Index)> Eligible() => open.Where(place => place.Order <= turnOrder);

    // Whatever lets a timer into the queue puts it behind those with the same deadline.
    private void Queue(Entry entry)
    {
        bool isIn = entry.DueAt != long.MaxValue && entry.Blocked == 0 && entry.Timer.IsEnabled && entry.Timer.IsActive;
        if (isIn != entry.IsQueued)
        {
            Forget(entry);
            entry.Order = ++orders;
            entry.IsQueued = isIn;
            if (isIn)
            {
                open.Add((entry.DueAt, entry.Order, entry.Index));
            }
        }
    }

    private void Forget(Entry entry)
    {
        open.Remove((entry.DueAt, entry.Order, entry.Index));
        entry.IsQueued = false;
    }

    private long Now(ClockId clock) => kernel.Now(clock).Nanoseconds;

    // Mostly not a round number, and of every order of magnitude, also before now.
    private long Span() => random.Next(10) switch
    {
        0 => 0,
        1 => -random.NextInt64(1L << random.Next(1, 36)),
        2 => random.Next(20),
        3 => 1_000_000 * random.Next(1, 4),
        _ => random.NextInt64(1L << random.Next(4, 48)),
    };

    private void Check(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException($"{otherwise}; {seedText}, call {Calls}, turn {turns}");
        }
    }
}
