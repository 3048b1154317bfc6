using System;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>
/// The talk with the kernel's route family: requests and their answers, dumps, notifications, and the mirror of what
/// they say. What comes out as a difference is a difference, whether a notification or a dump told it.
/// </summary>
/// <remarks>
/// <para>Two sockets are assumed: one for notifications, which may lose some, and one for requests and dumps, which
/// asks for little enough at a time to lose none.</para>
/// <code>
/// Stopped         Started            -> Starting         all tables are to be dumped
/// Starting        last dump ended    -> InStep           InitialDumpDone
/// InStep          NotificationsLost  -> Draining         OverrunBegan, unless the last storm has just ended
/// Starting        NotificationsLost  -> Draining
/// Resynchronizing NotificationsLost  -> Draining
/// Draining        Drained            -> Resynchronizing  all tables are to be dumped
/// Resynchronizing last dump ended    -> InStep           Resynchronized
/// </code>
/// <para>After a loss the kernel drops all notifications until the socket's queue has been read empty, and what is
/// still in the queue is older than what was lost. So the queue is drained first, and only then are dumps begun:
/// every notification read while a dump runs is then younger than the dump's begin (see <see cref="DumpStamps"/>).</para>
/// <para>One dump runs at a time, for the kernel allows one a socket. A table that changed in ways that are not
/// notified (IPv4 routes of a link that goes down) is dumped again a little later.</para>
/// </remarks>
public sealed class RtnetlinkConversation
{
    private readonly MirrorContext context = new();
    private readonly RequestTable requests = new();
    private readonly DumpSchedule dumps;
    private uint sequence;
    private Instant lastStepAt;
    private Instant stormEndedAt;
    private bool isStormTold;
    private bool isInitialDone;

    /// <summary>An unanswered request is given up after this. The kernel answers while it is asked.</summary>
    public static TimeSpan RequestTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Losses that come this soon after the last resynchronisation belong to the same storm.</summary>
    public static TimeSpan StormQuiet { get; } = TimeSpan.FromSeconds(5);

    /// <summary>A conversation that has not begun.</summary>
    public RtnetlinkConversation()
    {
        Mirror = new(context);
        dumps = new(Mirror, context.Counters);
    }

    /// <summary>How well the mirror knows the kernel.</summary>
    public RtnetlinkState State { get; private set; }

    /// <summary>What we know of the kernel's tables.</summary>
    public RtnetlinkMirror Mirror { get; }

    /// <summary>What has happened.</summary>
    public RtnetlinkCounters Counters => context.Counters;

    /// <summary>True if all is known and no dump runs or waits.</summary>
    public bool IsInStep => State == RtnetlinkState.InStep && !dumps.IsBusy;

    /// <summary>When to step with <see cref="RtnetlinkInput.TimePassed"/>.</summary>
    public Instant Deadline => Instant.Min(requests.Deadline, dumps.Deadline);

    /// <summary>Takes in what happened. All outputs must be taken before the next step.</summary>
    public void Step(in RtnetlinkInput input, Instant now)
    {
        lastStepAt = now;
        switch (input.Kind)
        {
            case RtnetlinkInputKind.Started:
                Enter(RtnetlinkState.Starting);
                break;
            case RtnetlinkInputKind.NotificationReceived:
                context.Counters.Notifications++;
                Apply(input.Message, inDump: false);
                break;
            case RtnetlinkInputKind.ReplyReceived:
                TakeReply(input.Message);
                break;
            case RtnetlinkInputKind.NotificationsLost:
                Lose();
                break;
            case RtnetlinkInputKind.RepliesLost:
                dumps.Break(now);
                break;
            case RtnetlinkInputKind.Drained:
                Enter(State == RtnetlinkState.Draining ? RtnetlinkState.Resynchronizing : State);
                break;
            case RtnetlinkInputKind.RequestMade:
                Ask(input.Request!, input.Completion);
                break;
            case RtnetlinkInputKind.SendFailed:
                FailToSend(input.Sequence, input.ErrorNumber);
                break;
            case RtnetlinkInputKind.TimePassed:
                GiveUpLate();
                break;
        }

        dumps.Suspect(TakeSuspects(), now);
        SendWaiting();
    }

    /// <summary>Takes the next output; false when there are no more for this step.</summary>
    public bool TryTake(out RtnetlinkOutput output)
    {
        while (true)
        {
            if (context.Outputs.TryDequeue(out output))
            {
                return true;
            }

            // What a dump has not seen is told one by one, not queued: it may be all there was.
            if (Mirror.TrySweep(out output))
            {
                return true;
            }

            if (!TryContinueDumps())
            {
                return false;
            }
        }
    }

    private void Enter(RtnetlinkState next)
    {
        bool isSame = State == next;
        State = next;
        if (!isSame && next is RtnetlinkState.Starting or RtnetlinkState.Resynchronizing)
        {
            dumps.WantAll(lastStepAt);
        }
        else if (!isSame && next == RtnetlinkState.Draining)
        {
            dumps.Hold(lastStepAt);
        }
    }

    private void Apply(NetlinkMessage message, bool inDump)
    {
        if (!Mirror.Apply(message, inDump, lastStepAt)
            && message.Header.Type is not (NetlinkMessageType.Noop or NetlinkMessageType.Done))
        {
            context.Counters.Dropped++;
        }
    }

    private void TakeReply(NetlinkMessage message)
    {
        NetlinkHeader header = message.Header;
        if (dumps.IsRunning && header.Sequence == dumps.Sequence)
        {
            if (header.Type is NetlinkMessageType.Done or NetlinkMessageType.Error)
            {
                dumps.TakeEnd(message, lastStepAt);
            }
            else
            {
                dumps.TakePart(header.Flags, lastStepAt);
                Apply(message, inDump: true);
            }
        }
        else if (header.Type == NetlinkMessageType.Error)
        {
            TakeAnswer(message);
        }
        else if (requests.Contains(header.Sequence))
        {
            Apply(message, inDump: false);
        }
        else
        {
            // The rest of a dump that was given up, for instance.
            context.Counters.Dropped++;
        }
    }

    private void TakeAnswer(NetlinkMessage message)
    {
        if (!NetlinkError.TryRead(message, out NetlinkError error)
            || !requests.TryTake(message.Header.Sequence, out object? completion))
        {
            context.Counters.Dropped++;
            return;
        }

        Complete(completion, error);
    }

    private void Complete(object? completion, NetlinkError error)
    {
        context.Counters.RequestsRefused += error.IsOk ? 0ul : 1ul;
        context.Tell(new(RtnetlinkOutputKind.RequestDone) { Completion = completion, Error = error });
    }

    private void Lose()
    {
        context.Counters.Overruns++;
        if (State == RtnetlinkState.InStep && isInitialDone)
        {
            bool isNewStorm = stormEndedAt == default || lastStepAt - stormEndedAt >= StormQuiet;
            isStormTold |= isNewStorm;
            if (isNewStorm)
            {
                context.Tell(new(RtnetlinkOutputKind.OverrunBegan));
            }
        }

        Enter(State == RtnetlinkState.Stopped ? State : RtnetlinkState.Draining);
    }

    private void Ask(NetlinkRequest request, object? completion)
    {
        if (!requests.TryWait(request, completion))
        {
            Complete(completion, new(NetlinkError.TooMany, "", 0));
        }
    }

    private void SendWaiting()
    {
        while (requests.TryNext(out RequestTable.Waiting next))
        {
            uint number = NextSequence();
            next.Request.Number(number);
            requests.Add(number, next.Completion, lastStepAt + RequestTimeout);
            context.Counters.Requests++;
            context.Tell(new(RtnetlinkOutputKind.Send) { Octets = next.Request.Memory, Sequence = number });
        }
    }

    private void FailToSend(uint number, int errorNumber)
    {
        if (dumps.IsRunning && number == dumps.Sequence)
        {
            dumps.Break(lastStepAt);
        }
        else if (requests.TryTake(number, out object? completion))
        {
            Complete(completion, new(errorNumber, "", 0));
        }
    }

    private void GiveUpLate()
    {
        while (requests.TryTakeLate(lastStepAt, out object? completion))
        {
            context.Counters.RequestsTimedOut++;
            Complete(completion, new(NetlinkError.TimedOut, "", 0));
        }

        dumps.GiveUpLate(lastStepAt);
    }

    private RtnetlinkTables TakeSuspects()
    {
        RtnetlinkTables suspects = context.Suspects;
        context.Suspects = RtnetlinkTables.None;
        return suspects;
    }

    /// <summary>Begins the next dump, or notices that there is none left; true if there may be new outputs.</summary>
    private bool TryContinueDumps()
    {
        if (State is RtnetlinkState.Stopped or RtnetlinkState.Draining)
        {
            return false;
        }

        if (dumps.TryBegin(sequence + 1, lastStepAt, out ReadOnlyMemory<byte> octets))
        {
            NextSequence();
            context.Tell(new(RtnetlinkOutputKind.Send) { Octets = octets, Sequence = dumps.Sequence });
            return true;
        }

        return !dumps.IsBusy && TryBeInStep();
    }

    private bool TryBeInStep()
    {
        switch (State)
        {
            case RtnetlinkState.Starting or RtnetlinkState.Resynchronizing when !isInitialDone:
                isInitialDone = true;
                context.Tell(new(RtnetlinkOutputKind.InitialDumpDone));
                break;
            case RtnetlinkState.Resynchronizing:
                stormEndedAt = lastStepAt;
                if (isStormTold)
                {
                    isStormTold = false;
                    context.Tell(new(RtnetlinkOutputKind.Resynchronized));
                }

                break;
            default:
                return false;
        }

        Enter(RtnetlinkState.InStep);
        return true;
    }

    /// <summary>0 is left out: it is what notifications carry.</summary>
    private uint NextSequence() => sequence = sequence == uint.MaxValue ? 1 : sequence + 1;
}
