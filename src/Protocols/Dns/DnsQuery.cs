using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>Where a query is.</summary>
public enum DnsQueryState : byte
{
    /// <summary>Not begun.</summary>
    Idle,

    /// <summary>Servers are being asked.</summary>
    Asking,

    /// <summary>Done, with a result or cancelled.</summary>
    Finished,
}

/// <summary>Asks servers for the addresses of one name and one family.</summary>
/// <remarks>
/// Servers are asked in order. One that fails, refuses or does not know the name is done, and the next is asked at
/// once; one that is silent keeps its socket open while the next is asked too, so that a slow server can still answer,
/// and is asked again in the next round, each round twice as patient. Every attempt has a socket, a port and an id of
/// its own (RFC 5452). An answer counts only if sender, id and question fit; a truncated one is asked for over TCP.
/// <code>
/// Idle   -> Asking    Started, and there is a name and a server
/// Idle   -> Finished  Started with a literal address, no name or no server
/// Asking -> Finished  addresses; every server done; time over; cancelled
/// </code>
/// </remarks>
public sealed class DnsQuery
{
    /// <summary>The most sockets open at a time; before another one is opened, the oldest is closed.</summary>
    public const int OpenAttemptsMax = 4;

    private struct Attempt
    {
        public bool IsOpen;
        public bool IsSent;
        public int Number;
        public int ServerIndex;
        public DnsTransport Transport;
        public ushort Id;
    }

    // At most: four closes, one open, one finish a step.
    private readonly BoundedQueue<DnsQueryOutput> outputs = new(16);
    private readonly Attempt[] attempts = new Attempt[OpenAttemptsMax];
    private readonly DnsQueryOptions options;
    private readonly DnsServer[] servers;
    private readonly bool[] isDone;
    private DnsName? name;
    private DnsQueryOutcome failure = DnsQueryOutcome.TimedOut;
    private TimeSpan patience;
    private Instant nextAt = Instant.Never;
    private Instant endAt = Instant.Never;
    private int nextServer;
    private int newestAttempt = -1;

    /// <summary>A query that has not begun.</summary>
    public DnsQuery(DnsQueryOptions options)
    {
        this.options = options;
        servers = new DnsServer[Math.Min(options.Servers.Count, DnsQueryOptions.ServersMax)];
        for (int i = 0; i < servers.Length; i++)
        {
            servers[i] = options.Servers[i];
        }

        isDone = new bool[servers.Length];
        patience = options.AttemptTimeout;
    }

    /// <summary>Where it is.</summary>
    public DnsQueryState State { get; private set; }

    /// <summary>What came of it; null before the end, and if cancelled.</summary>
    public DnsQueryResult? Result { get; private set; }

    /// <summary>When the next step is due.</summary>
    public Instant Deadline => State == DnsQueryState.Asking ? Instant.Min(nextAt, endAt) : Instant.Never;

    /// <summary>Messages that were no answer to us: wrong sender, id or question, or malformed.</summary>
    public int IgnoredCount { get; private set; }

    private DnsType Type => options.Family == IpFamily.V4 ? DnsType.A : DnsType.Aaaa;

    /// <summary>Takes in what happened.</summary>
    public void Step(in DnsQueryInput input, Instant now)
    {
        if (input.Kind == DnsQueryInputKind.Started && State == DnsQueryState.Idle)
        {
            Begin(now);
        }
        else if (input.Kind == DnsQueryInputKind.Cancelled && State != DnsQueryState.Finished)
        {
            End(null);
        }
        else if (State == DnsQueryState.Asking && now >= endAt)
        {
            EndWithFailure();
        }
        else if (State == DnsQueryState.Asking)
        {
            StepAsking(input, now);
        }
    }

    /// <summary>Takes out what is to be done next.</summary>
    public bool TryTake(out DnsQueryOutput output) => outputs.TryDequeue(out output);

    /// <summary>What an open attempt asks.</summary>
    /// <exception cref="ArgumentException">The attempt is not open.</exception>
    public DnsQuestion QuestionOf(int attempt) => SlotOf(attempt) is >= 0 and int slot && name is not null
        ? new(attempts[slot].Id, name, Type)
        : throw new ArgumentException("The attempt is not open.", nameof(attempt));

    private void Begin(Instant now)
    {
        if (IpAddress.TryParse(options.Host, out IpAddress literal))
        {
            End(literal.Family == options.Family
                ? new(DnsQueryOutcome.Resolved, [literal], 0)
                : new(DnsQueryOutcome.NoAddress, [], 0));
        }
        else if (!DnsName.TryParse(options.Host, out name))
        {
            End(new(DnsQueryOutcome.InvalidName, [], 0));
        }
        else if (servers.Length == 0)
        {
            End(new(DnsQueryOutcome.NoServers, [], 0));
        }
        else
        {
            State = DnsQueryState.Asking;
            endAt = now + options.TotalTimeout;
            AskNextServer(now);
        }
    }

    private void StepAsking(in DnsQueryInput input, Instant now)
    {
        int slot = SlotOf(input.Attempt);
        switch (input.Kind)
        {
            case DnsQueryInputKind.SocketOpened when slot >= 0:
                attempts[slot].Id = input.RandomId;
                attempts[slot].IsSent = true;
                Put(DnsQueryOutputKind.SendQuestion, attempts[slot]);
                break;
            case DnsQueryInputKind.SocketFailed when slot >= 0:
                ServerIsDone(slot, DnsQueryOutcome.Unreachable, now);
                break;
            case DnsQueryInputKind.ResponseReceived when slot >= 0:
                TakeResponse(slot, input.Source, input.Message, now);
                break;
            case DnsQueryInputKind.TimePassed when now >= nextAt:
                AskNextServer(now);
                break;
            default:
                break;
        }
    }

    private void TakeResponse(int slot, DnsServer source, ReadOnlySpan<byte> octets, Instant now)
    {
        Attempt attempt = attempts[slot];
        if (!attempt.IsSent || source != servers[attempt.ServerIndex]
            || !DnsMessage.TryParse(octets, out DnsMessage message, out _)
            || !message.Header.IsResponse || message.Header.OperationCode != 0
            || message.Header.Id != attempt.Id || !message.IsQuestion(name!, Type))
        {
            IgnoredCount++;
            return;
        }

        if (message.Header.IsTruncated)
        {
            TakeTruncated(slot, now);
        }
        else if (message.Header.ResponseCode != DnsResponseCode.NoError)
        {
            bool isUnknown = message.Header.ResponseCode == DnsResponseCode.NameError;
            ServerIsDone(slot, isUnknown ? DnsQueryOutcome.NameNotFound : DnsQueryOutcome.ServerFailed, now);
        }
        else
        {
            TakeAnswer(slot, message, now);
        }
    }

    private void TakeTruncated(int slot, Instant now)
    {
        Attempt attempt = attempts[slot];
        if (attempt.Transport == DnsTransport.Tcp)
        {
            ServerIsDone(slot, DnsQueryOutcome.ServerFailed, now);
            return;
        }

        Close(slot);
        Open(attempt.ServerIndex, DnsTransport.Tcp, now);
    }

    private void TakeAnswer(int slot, in DnsMessage message, Instant now)
    {
        Span<IpAddress> addresses = stackalloc IpAddress[DnsQueryOptions.AddressesMax];
        int count = DnsAnswer.Collect(message, name!, Type, addresses, out uint timeToLive);
        if (count == 0)
        {
            ServerIsDone(slot, DnsQueryOutcome.NoAddress, now);
        }
        else
        {
            End(new(DnsQueryOutcome.Resolved, addresses[..count].ToArray(), timeToLive));
        }
    }

    /// <summary>A server needs no further asking; the next one's turn comes at once if all waited for this one.</summary>
    private void ServerIsDone(int slot, DnsQueryOutcome outcome, Instant now)
    {
        Attempt attempt = attempts[slot];
        Close(slot);
        isDone[attempt.ServerIndex] = true;
        failure = outcome < failure ? outcome : failure;
        if (!isDone.AsSpan().Contains(false))
        {
            EndWithFailure();
        }
        else if (attempt.Number == newestAttempt && NextInRound() < servers.Length)
        {
            AskNextServer(now);
        }
    }

    private void AskNextServer(Instant now)
    {
        int server = NextInRound();
        if (server == servers.Length)
        {
            patience = patience * 2 < options.AttemptTimeoutMax ? patience * 2 : options.AttemptTimeoutMax;
            nextServer = 0;
            server = NextInRound();
        }

        nextServer = server + 1;
        Open(server, DnsTransport.Udp, now);
    }

    private int NextInRound()
    {
        int server = nextServer;
        while (server < servers.Length && isDone[server])
        {
            server++;
        }

        return server;
    }

    private void Open(int server, DnsTransport transport, Instant now)
    {
        int slot = 0;
        for (int i = 0; i < attempts.Length && attempts[slot].IsOpen; i++)
        {
            slot = !attempts[i].IsOpen || attempts[i].Number < attempts[slot].Number ? i : slot;
        }

        Close(slot);
        attempts[slot] = new() { IsOpen = true, Number = ++newestAttempt, ServerIndex = server, Transport = transport };
        nextAt = now + patience;
        Put(DnsQueryOutputKind.OpenSocket, attempts[slot]);
    }

    private void Close(int slot)
    {
        if (attempts[slot].IsOpen)
        {
            attempts[slot].IsOpen = false;
            Put(DnsQueryOutputKind.CloseSocket, attempts[slot]);
        }
    }

    private void EndWithFailure() => End(new(failure, [], 0));

    private void End(DnsQueryResult? result)
    {
        for (int slot = 0; slot < attempts.Length; slot++)
        {
            Close(slot);
        }

        State = DnsQueryState.Finished;
        Result = result;
        if (result is not null)
        {
            outputs.TryEnqueue(new(DnsQueryOutputKind.Finish, 0, default, default));
        }
    }

    private int SlotOf(int attempt)
    {
        for (int slot = 0; slot < attempts.Length; slot++)
        {
            if (attempts[slot].IsOpen && attempts[slot].Number == attempt)
            {
                return slot;
            }
        }

        return -1;
    }

    private void Put(DnsQueryOutputKind kind, in Attempt attempt) =>
        outputs.TryEnqueue(new(kind, attempt.Number, servers[attempt.ServerIndex], attempt.Transport));
}
