using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Requests that were sent and not answered, and those that wait until fewer are.</summary>
internal sealed class RequestTable
{
    /// <summary>
    /// Requests in flight: each answer takes about a kilobyte of the socket's buffer, where it must find room, for an
    /// acknowledgement that finds none is lost.
    /// </summary>
    public const int SentMax = 64;

    /// <summary>Requests that wait. More than that is a caller that does not look at answers.</summary>
    public const int WaitingMax = 65536;

    private readonly Sent[] sent = new Sent[SentMax];
    private readonly BoundedQueue<Waiting> waiting = new(WaitingMax);
    private int first;
    private int count;

    internal record struct Sent(uint Sequence, Instant Deadline, object? Completion, bool IsAnswered);

    internal readonly record struct Waiting(NetlinkRequest Request, object? Completion);

    /// <summary>When the oldest request has waited too long.</summary>
    public Instant Deadline => count == 0 ? Instant.Never : sent[first].Deadline;

    /// <summary>Keeps a request; false if there are too many.</summary>
    public bool TryWait(NetlinkRequest request, object? completion) => waiting.TryEnqueue(new(request, completion));

    /// <summary>The next request to send, if there is one and room for it.</summary>
    public bool TryNext(out Waiting next)
    {
        next = default;
        return count < SentMax && waiting.TryDequeue(out next);
    }

    /// <summary>A request is being sent; sequence numbers and deadlines never go down.</summary>
    public void Add(uint sequence, object? completion, Instant deadline)
    {
        sent[(first + count) % SentMax] = new(sequence, deadline, completion, false);
        count++;
    }

    /// <summary>Takes the request with this number out; false if there is none.</summary>
    public bool TryTake(uint sequence, out object? completion)
    {
        for (int i = 0; i < count; i++)
        {
            ref Sent candidate = ref sent[(first + i) % SentMax];
            if (candidate.Sequence == sequence && !candidate.IsAnswered)
            {
                completion = candidate.Completion;
                candidate = candidate with { Completion = null, IsAnswered = true };
                DropAnswered();
                return true;
            }
        }

        completion = null;
        return false;
    }

    /// <summary>True if a request with this number is in flight.</summary>
    public bool Contains(uint sequence)
    {
        for (int i = 0; i < count; i++)
        {
            Sent candidate = sent[(first + i) % SentMax];
            if (candidate.Sequence == sequence && !candidate.IsAnswered)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the oldest request out if its deadline has come.</summary>
    public bool TryTakeLate(Instant now, out object? completion)
    {
        completion = null;
        return count > 0 && now >= sent[first].Deadline && TryTake(sent[first].Sequence, out completion);
    }

    private void DropAnswered()
    {
        while (count > 0 && sent[first].IsAnswered)
        {
            first = (first + 1) % SentMax;
            count--;
        }
    }
}
