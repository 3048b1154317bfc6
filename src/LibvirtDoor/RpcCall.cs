using System;
using System.Buffers;
using System.Threading;
using Spindle.Kernels;
using Spindle.Loop.Workers;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>A call on its way: what a client asks, and the answer being made.</summary>
/// <remarks>
/// A handler ends it by <see cref="Complete"/> or <see cref="Fail"/>, exactly once; or keeps it by <see cref="Defer"/> or
/// <see cref="OnLoop"/>, and somebody ends it later. From there on nobody touches it: it may be used again.
/// Answers leave from the loop's thread, in the order in which calls end, whatever order they came in.
/// </remarks>
public sealed class RpcCall
{
    // Bits of the state.
    private const int Returned = 1; // the handler's thread no longer touches it
    private const int Ended = 2;    // the answer is made
    private const int Kept = 4;     // the handler has said that somebody else ends it

    private readonly RpcDoor door;
    private readonly Action work;
    private readonly Action<Exception?> worked;
    private RpcClient? client;
    private byte[] arguments = [];
    private int argumentsStart;
    private int argumentsLength;
    private int largeOctets;
    private int state;
    private Action<RpcCall>? onLoop;

    internal RpcCall(RpcDoor door)
    {
        this.door = door;
        work = Work;
        worked = Worked;
    }

    /// <summary>Who calls; may be disconnected by now.</summary>
    public RpcClient Client => client ?? throw new InvalidOperationException("The call is over.");

    /// <summary>The message's header.</summary>
    public RpcHeader Header { get; private set; }

    /// <summary>What is called.</summary>
    public RpcProcedure Procedure { get; private set; } = null!;

    /// <summary>The arguments, from their beginning; there until the handler returns.</summary>
    public XdrReader Arguments => new(arguments.AsSpan(argumentsStart, argumentsLength));

    /// <summary>Where the result goes, behind the header that is in it already. Forgotten if the call fails.</summary>
    public XdrWriter Result { get; } = new();

    /// <summary>For whoever keeps the call.</summary>
    public object? State { get; set; }

    /// <summary>True: the client is to be disconnected when the answer is out.</summary>
    internal bool ClosesClient { get; private set; }

    /// <summary>True: in flight by the client's count until the answer is sent.</summary>
    internal bool IsCounted { get; private set; }

    /// <summary>True: nobody but its handler has ever known of it.</summary>
    internal bool IsReusable => (state & Kept) == 0;

    /// <summary>The answer is in <see cref="Result"/>: it goes out. The handler's thread, or the loop's.</summary>
    public void Complete()
    {
        VerifyOpen();
        if (!RpcFrame.End(Result, 0))
        {
            WriteError(RpcError.UnencodablePayload);
        }

        End();
    }

    /// <summary>As <see cref="Complete"/>; and then the client is disconnected, whatever else it has in flight.</summary>
    public void CompleteAndClose()
    {
        VerifyOpen();
        ClosesClient = true;
        Complete();
    }

    /// <summary>The call failed: the error is the answer.</summary>
    public void Fail(RpcError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        VerifyOpen();
        WriteError(error);
        End();
    }

    /// <summary>The handler will return without having ended the call: somebody does later, on the loop's thread.</summary>
    public void Defer() => Interlocked.Or(ref state, Kept);

    /// <summary>Has the rest done on the loop's thread; nobody else touches the call from here on.</summary>
    /// <param name="rest">What is to be done; ends the call, or keeps it.</param>
    public void OnLoop(Action<RpcCall> rest)
    {
        ArgumentNullException.ThrowIfNull(rest);
        VerifyOpen();
        Defer();
        onLoop = rest;
        door.Loop.Post(static call => ((RpcCall)call!).RunOnLoop(), this);
    }

    /// <summary>Takes a new call on.</summary>
    internal void Begin(RpcClient caller, in RpcHeader header, RpcProcedure procedure)
    {
        client = caller;
        Header = header;
        Procedure = procedure;
        state = 0;
        ClosesClient = false;
        IsCounted = false;
        State = null;
        onLoop = null;
        Result.Reset();
        RpcFrame.Begin(Result, header.Reply(RpcStatus.Ok));
    }

    /// <summary>Runs the handler here and now.</summary>
    internal void RunInline(byte[] octets, int start, int length)
    {
        arguments = octets;
        argumentsStart = start;
        argumentsLength = length;
        Exception? thrown = Invoke();
        arguments = [];
        argumentsLength = 0;
        if ((state & Ended) == 0)
        {
            // From here on it is in flight.
            IsCounted = true;
            Client.CountRequest();
        }

        Worked(thrown);
    }

    /// <summary>Has a worker run the handler.</summary>
    /// <returns>False: the client would take too much memory.</returns>
    internal bool Start(WorkerPool workers, ReadOnlySpan<byte> octets)
    {
        if (octets.Length > RpcLimits.AnonymousMessageMaximum && !door.Large.TryTake(Client, octets.Length))
        {
            return false;
        }

        largeOctets = octets.Length > RpcLimits.AnonymousMessageMaximum ? octets.Length : 0;
        arguments = octets.IsEmpty ? [] : largeOctets > 0 ? new byte[octets.Length] : ArrayPool<byte>.Shared.Rent(octets.Length);
        argumentsStart = 0;
        argumentsLength = octets.Length;
        octets.CopyTo(arguments);
        IsCounted = true;
        Client.CountRequest();
        Result accepted = workers.Start(
            work, worked, Procedure.IsHighPriority ? JobPriority.High : JobPriority.Ordinary);
        if (!accepted.IsOk)
        {
            WriteError(Busy);
            state = Ended;
            Worked(null);
        }

        return true;
    }

    /// <summary>Lets go of everything.</summary>
    internal void Clear()
    {
        client = null;
        State = null;
        onLoop = null;
    }

    private static RpcError Busy { get; } = RpcError.Formatted(
        RpcErrorCode.ResourceBusy, RpcErrorDomain.Rpc, "resource busy: %s", "too many calls wait");

    private void Work()
    {
        // Nobody waits for the answer any more.
        if (Client.IsClosed)
        {
            state = Ended;
            return;
        }

        Procedure.Handler(this);
    }

    private Exception? Invoke()
    {
        try
        {
            Procedure.Handler(this);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    // On the loop: the handler is back.
    private void Worked(Exception? thrown)
    {
        GiveBackArguments();
        if (thrown is not null)
        {
            door.TellFailure(this, thrown);
        }

        int known = Volatile.Read(ref state);
        if ((known & Ended) == 0 && (thrown is not null || (known & Kept) == 0))
        {
            WriteError(RpcError.Internal(thrown is null ? "no answer was made" : "the call could not be carried out"));
            Interlocked.Or(ref state, Ended);
        }

        int before = Interlocked.Or(ref state, Returned);
        if ((before & Ended) != 0)
        {
            Client.Finish(this);
        }
    }

    private void End()
    {
        int before = Interlocked.Or(ref state, Ended);
        if ((before & Returned) == 0)
        {
            return;
        }

        if (door.Loop.IsOwnThread)
        {
            Client.Finish(this);
        }
        else
        {
            door.Loop.Post(static call => ((RpcCall)call!).Client.Finish((RpcCall)call), this);
        }
    }

    private void RunOnLoop()
    {
        Action<RpcCall>? rest = onLoop;
        onLoop = null;
        try
        {
            rest?.Invoke(this);
        }
        catch (Exception exception)
        {
            door.TellFailure(this, exception);
            if ((Volatile.Read(ref state) & Ended) == 0)
            {
                Fail(RpcError.Internal("the call could not be carried out"));
            }
        }
    }

    private void VerifyOpen()
    {
        if (client is null || (Volatile.Read(ref state) & Ended) != 0)
        {
            throw new InvalidOperationException("The call was ended already.");
        }
    }

    private void WriteError(RpcError error)
    {
        Result.Reset();
        RpcFrame.WriteError(Result, Header, error);
    }

    private void GiveBackArguments()
    {
        if (largeOctets > 0)
        {
            door.Large.Give(Client, largeOctets);
            largeOctets = 0;
        }
        else if (arguments.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(arguments);
        }

        arguments = [];
        argumentsLength = 0;
    }
}
