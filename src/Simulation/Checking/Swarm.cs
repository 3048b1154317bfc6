using Spindle.Basics;

namespace Spindle.Simulation.Checking;

/// <summary>How often a random sequence makes each kind of step: drawn for each sequence anew, and some kinds are left out
/// altogether, since what is rare everywhere is found by nobody.</summary>
internal sealed class Swarm
{
    private readonly int[] weights = new int[(int)StepKind.Count];
    private readonly int total;

    public Swarm(ref PseudoRandom random, bool hasSignals)
    {
        for (int kind = 0; kind < weights.Length; kind++)
        {
            bool isIn = (random.NextBelow(4) > 0 || IsEssential((StepKind)kind)) && (hasSignals || !IsSignal((StepKind)kind));
            weights[kind] = isIn ? BaseOf((StepKind)kind) * (1 + (int)random.NextBelow(4)) : 0;
            total += weights[kind];
        }

        OneShotPercent = random.NextBelow(2) == 0 ? 10 : 35;
        EdgePercent = random.NextBelow(2) == 0 ? 20 : 60;
        ExclusivePercent = random.NextBelow(3) == 0 ? 30 : 3;
        NestingPercent = random.NextBelow(3) == 0 ? 50 : 10;
        EpollMax = 1 + (int)random.NextBelow(8);
        ObjectMax = 2 + (int)random.NextBelow(8);
        Length = 20 + (int)random.NextBelow(random.NextBelow(8) == 0 ? 380u : 80u);
    }

    /// <summary>How many of a hundred registrations are one-shot, edge-triggered, exclusive; and how many watch an epoll.</summary>
    public int OneShotPercent { get; }

    public int EdgePercent { get; }

    public int ExclusivePercent { get; }

    public int NestingPercent { get; }

    public int EpollMax { get; }

    public int ObjectMax { get; }

    /// <summary>Steps of the sequence.</summary>
    public int Length { get; }

    public StepKind Draw(ref PseudoRandom random)
    {
        int drawn = (int)random.NextBelow((uint)total);
        int kind = 0;
        while (drawn >= weights[kind])
        {
            drawn -= weights[kind++];
        }

        return (StepKind)kind;
    }

    private static bool IsSignal(StepKind kind) => kind is StepKind.Signalfd or StepKind.Raise or StepKind.SignalRead;

    private static bool IsEssential(StepKind kind) => kind is StepKind.Epoll or StepKind.Add or StepKind.Wait or StepKind.Eventfd;

    private static int BaseOf(StepKind kind) => kind switch
    {
        StepKind.Add => 30,
        StepKind.Wait => 30,
        StepKind.Write or StepKind.Read => 25,
        StepKind.Modify or StepKind.CounterWrite => 12,
        StepKind.Delete or StepKind.Epoll or StepKind.Poll => 8,
        StepKind.Pipe or StepKind.UnixPair or StepKind.Eventfd => 8,
        StepKind.Close or StepKind.Dup or StepKind.Shutdown or StepKind.TimerSet or StepKind.Drain or StepKind.Fill => 5,
        StepKind.Fdinfo or StepKind.Select or StepKind.Mask or StepKind.WaitFault or StepKind.SocketError or StepKind.Raise => 3,
        _ => 2,
    };
}

/// <summary>Kinds of steps that random sequences are made of.</summary>
internal enum StepKind
{
    Epoll,
    Eventfd,
    Pipe,
    UnixPair,
    DatagramPair,
    SequencedPair,
    UnixConnection,
    Timerfd,
    Signalfd,
    PlainFile,
    Fifo,
    Add,
    Modify,
    Delete,
    RawControl,
    Wait,
    WaitFault,
    WaitSignal,
    Pwait2,
    WaitWrong,
    Poll,
    Select,
    Mask,
    Fdinfo,
    BusyPoll,
    Write,
    Read,
    CounterWrite,
    Fill,
    Drain,
    Shutdown,
    SocketError,
    Urgent,
    SendBuffer,
    TimerSet,
    Raise,
    SignalRead,
    PipeSize,
    Dup,
    Dup2,
    Close,
    Count,
}
