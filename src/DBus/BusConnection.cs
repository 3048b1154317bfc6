using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Loop;

namespace Spindle.DBus;

/// <summary>Our place on a bus: it greets, takes its name, answers calls from the object table, makes calls, sends and
/// hears signals, and comes back when the bus does. Nothing in it ever waits.</summary>
/// <remarks>
/// What waits for a bus that does not read is bounded: beyond <see cref="OutgoingSoftMax"/> octets signals are dropped and
/// counted, and <see cref="Resynchronise"/> tells when to say everything anew; beyond <see cref="OutgoingHardMax"/> the
/// connection is given up and made again.
/// </remarks>
public sealed class BusConnection : IDisposable
{
    /// <summary>The bus's own name.</summary>
    public const string BusName = "org.freedesktop.DBus";

    /// <summary>Beyond this many octets unsent, signals are dropped.</summary>
    public const long OutgoingSoftMax = 1024 * 1024;

    /// <summary>Beyond this many octets unsent, the connection is given up.</summary>
    public const long OutgoingHardMax = BusWriter.SizeMax + OutgoingSoftMax;

    private const string BusPath = "/org/freedesktop/DBus";
    private const uint DoNotQueue = 4;

    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(5);

    private readonly EventLoop loop;
    private readonly BusTransport transport;
    private readonly ObjectTable objects;
    private readonly string? name;
    private readonly TimerSource retryTimer;
    private readonly PendingCalls calls;
    private readonly ManagedObjectSignals managedObjects;
    private readonly SignalSubscriptions subscriptions;
    private readonly Backoff retryDelay = new(RetryMin, RetryMax);
    private long droppedBefore;

    /// <summary>A connection that is not started yet.</summary>
    /// <param name="loop">Where it lives.</param>
    /// <param name="transport">What carries its messages; belongs to the connection from now on.</param>
    /// <param name="objects">What it answers for; survives the connection.</param>
    /// <param name="name">The well-known name to own; null = none, as a client.</param>
    public BusConnection(EventLoop loop, BusTransport transport, ObjectTable objects, string? name = null)
    {
        if (name is not null && (!BusNames.IsBusName(name) || BusNames.IsUnique(name)))
        {
            throw new ArgumentException($"'{name}' is not a well-known name.", nameof(name));
        }

        this.loop = loop;
        this.transport = transport;
        this.objects = objects;
        this.name = name;
        calls = new PendingCalls(loop);
        subscriptions = new SignalSubscriptions(this);
        retryTimer = loop.AddTimer(OnRetry, name: "dbus retry");
        Outbox = new BusOutbox(Send);
        transport.Opened = OnOpened;
        transport.Closed = OnClosed;
        transport.Received = OnReceived;
        transport.Progressed = OnProgressed;
        managedObjects = new ManagedObjectSignals(this, objects);
    }

    /// <summary>How far it is.</summary>
    public BusConnectionState State { get; private set; }

    /// <summary>Told each time <see cref="State"/> changed.</summary>
    public event Action<BusConnectionState>? StateChanged;

    /// <summary>Our name cannot be had: another program owns it, or a policy forbids it. The text says which, for people.</summary>
    public event Action<string>? NameRefused;

    /// <summary>Signals were dropped while the bus did not read, and it reads again: tell everything anew.</summary>
    public event Action? Resynchronise;

    /// <summary>Our unique name; null while not connected.</summary>
    public string? UniqueName { get; private set; }

    /// <summary>Why the last connection ended or could not be made; for people.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Writes and sends; counts what it drops.</summary>
    public BusOutbox Outbox { get; }

    /// <summary>Messages that broke the specification, or answered what nobody asked.</summary>
    public long BadMessages { get; private set; }

    /// <summary>Connections that ended.</summary>
    public long Disconnections { get; private set; }

    /// <summary>True if calls can be made.</summary>
    public bool IsConnected => State is BusConnectionState.Connected or BusConnectionState.NameOwned;

    /// <summary>Begins to connect.</summary>
    public void Start()
    {
        if (State == BusConnectionState.Stopped)
        {
            Open();
        }
    }

    /// <summary>Ends the connection; every pending call fails. It may be started again.</summary>
    public void Stop()
    {
        if (State != BusConnectionState.Stopped)
        {
            retryTimer.Disarm();
            transport.Close();
            Lose("we left the bus", BusConnectionState.Stopped);
        }
    }

    /// <summary>Sends a signal to all who listen; dropped while there is no bus.</summary>
    public void Signal(string path, string @interface, string member, string signature, Action<BusWriter> body) =>
        Signal(path, @interface, member, signature, body, static (write, writer) => write(writer));

    /// <summary>Sends a signal to all who listen; dropped while there is no bus.</summary>
    public void Signal<TState>(
        string path, string @interface, string member, string signature, TState state, Action<TState, BusWriter> body)
    {
        if (IsConnected)
        {
            Outbox.Signal(path, @interface, member, signature, state, body);
        }
    }

    /// <summary>Calls a method. The handler hears of the answer, the error, the timeout or the end of the bus.</summary>
    /// <returns>The call; null if there is no bus or too many calls are pending, and then the handler hears of that.</returns>
    public BusPendingCall? Call(BusRequest request, BusReplyHandler handler)
    {
        string? refusal = !IsConnected ? "There is no bus." : calls.Count >= PendingCalls.CountMax ? "Too many calls." : null;
        if (refusal is null)
        {
            return Ask(request, handler);
        }

        loop.Post(() => handler(BusReply.Failed(
            IsConnected ? BusErrors.LimitsExceeded : BusErrors.Disconnected, refusal)));
        return null;
    }

    /// <summary>Calls a method and wants no answer.</summary>
    public void Tell(BusRequest request)
    {
        if (IsConnected)
        {
            SendCall(request, Outbox.NextSerial(), BusMessageFlags.NoReplyExpected | BusMessageFlags.NoAutoStart);
        }
    }

    /// <summary>Hears signals, now and after each time the bus came back, until it is removed.</summary>
    public BusSubscription Subscribe(BusMatch match, Action<BusReceivedSignal> handler) =>
        subscriptions.Add(match, handler);

    /// <summary>Hears who owns a name: once now, and each time it changes; null is nobody.</summary>
    /// <remarks>When the bus goes away nobody owns anything. A unique name never comes back.</remarks>
    public BusNameWatch WatchName(string watched, Action<string?> handler) => new(this, watched, handler);

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        managedObjects.Remove();
        retryTimer.Remove();
        transport.Dispose();
    }

    internal static BusRequest OfBus(string member, string signature, Action<BusWriter>? body) =>
        new(BusName, BusPath, BusName, member) { Signature = signature, Arguments = body, Timeout = TimeSpan.MaxValue };

    private void Open()
    {
        Enter(BusConnectionState.Connecting);
        transport.Open();
    }

    private void OnOpened()
    {
        Outbox.StartGeneration();
        Ask(OfBus("Hello", "", null), OnHello);
        if (name is not null)
        {
            // Without waiting for the answer to Hello: the bus takes its messages in order, and a round trip is saved.
            Ask(
                OfBus("RequestName", "su", writer =>
                {
                    writer.WriteString(name);
                    writer.WriteUInt32(DoNotQueue);
                }),
                OnName);
        }
    }

    private void OnHello(BusReply reply)
    {
        if (reply.IsError || reply.Values is not [BusValue first] || !first.TryGetString(out string? unique))
        {
            if (State == BusConnectionState.Connecting)
            {
                GiveUp($"the bus does not want us: {reply.ErrorMessage}");
            }

            return;
        }

        UniqueName = unique;
        retryDelay.Reset();
        Enter(BusConnectionState.Connected);
    }

    private void OnName(BusReply reply)
    {
        if (!IsConnected)
        {
            return;
        }

        // 1: the primary owner; 4: it was us already; else another one has it.
        if (!reply.IsError && reply.Values is [BusValue first] && first.TryGetUInt32(out uint result) && result is 1 or 4)
        {
            Enter(BusConnectionState.NameOwned);
            return;
        }

        NameRefused?.Invoke(reply.IsError
            ? $"the bus refuses the name {name}: {reply.ErrorMessage}"
            : $"another program owns the name {name} on the bus");
    }

    private void OnClosed(string why) => Lose(why, BusConnectionState.Waiting);

    private void GiveUp(string why)
    {
        transport.Close();
        Lose(why, BusConnectionState.Waiting);
    }

    private void Lose(string why, BusConnectionState next)
    {
        bool wasConnected = IsConnected;
        LastFailure = why;
        UniqueName = null;
        Outbox.StartGeneration();
        Disconnections += wasConnected ? 1 : 0;
        if (next == BusConnectionState.Waiting)
        {
            retryTimer.ArmAfter(retryDelay.Next());
        }

        Enter(next);
        calls.FailAll(why);
    }

    private void OnRetry(TimerSource timer, Instant now) => Open();

    private void Enter(BusConnectionState next)
    {
        if (State != next)
        {
            State = next;
            StateChanged?.Invoke(next);
        }
    }

    private BusPendingCall Ask(BusRequest request, BusReplyHandler handler)
    {
        uint serial = Outbox.NextSerial();
        BusPendingCall call = calls.Add(serial, request, handler);
        SendCall(request, serial, request.StartsService ? BusMessageFlags.None : BusMessageFlags.NoAutoStart);
        return call;
    }

    private void SendCall(BusRequest request, uint serial, BusMessageFlags flags)
    {
        BusHeader header = new()
        {
            Kind = BusMessageKind.MethodCall,
            Flags = flags,
            Serial = serial,
            Destination = request.Destination,
            Path = request.Path,
            Interface = request.Interface,
            Member = request.Member,
            Signature = request.Signature,
        };
        if (!Outbox.TrySend(header, request.Arguments, static (body, writer) => body?.Invoke(writer)))
        {
            Outbox.TooLong++;
        }
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        transport.Send(message);
        long waiting = transport.OutgoingSize;
        if (waiting > OutgoingSoftMax && !Outbox.AreSignalsHeldBack)
        {
            droppedBefore = Outbox.DroppedSignals;
            Outbox.AreSignalsHeldBack = true;
        }

        if (waiting > OutgoingHardMax)
        {
            // Not here: whoever sends is in the middle of something.
            int generation = Outbox.Generation;
            transport.Close();
            loop.Post(() => LoseIf(generation));
        }
    }

    private void LoseIf(int generation)
    {
        if (generation == Outbox.Generation && State is not (BusConnectionState.Stopped or BusConnectionState.Waiting))
        {
            Lose("the bus does not read what we send", BusConnectionState.Waiting);
        }
    }

    private void OnProgressed()
    {
        if (Outbox.AreSignalsHeldBack && transport.OutgoingSize < OutgoingSoftMax / 4)
        {
            Outbox.AreSignalsHeldBack = false;
            if (Outbox.DroppedSignals != droppedBefore)
            {
                Resynchronise?.Invoke();
            }
        }
    }

    private void OnReceived(ReadOnlySpan<byte> octets)
    {
        if (!BusMessageView.TryParse(octets, out BusMessageView message))
        {
            BadMessages++;
            return;
        }

        switch (message.Kind)
        {
            case BusMessageKind.MethodCall:
                objects.Dispatch(message, Outbox);
                break;
            case BusMessageKind.Signal:
                BadMessages += subscriptions.TryHear(message) ? 0 : 1;
                break;
            case BusMessageKind.MethodReturn or BusMessageKind.Error when calls.TryComplete(message):
                break;
            default:
                // A late answer to a call that was cancelled or timed out comes here as well.
                BadMessages++;
                break;
        }
    }
}
