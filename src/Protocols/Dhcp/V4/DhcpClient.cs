using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>A DHCPv4 client for one link (RFC 2131): messages and time in, messages and leases out.</summary>
/// <remarks>
/// An address is looked for with DISCOVER, or a remembered one asked for first, which costs one round trip. A lease is
/// extended by unicast from T1 on, by broadcast from T2 on, and lost when it ends.
/// <code>
/// Stopped    -> Init        Started, no address remembered; Adopted after the lease ended (LeaseLost)
/// Stopped    -> InitReboot  Started, an address remembered
/// Stopped    -> Bound       Adopted before T1: LeaseAcquired
/// Stopped    -> Renewing    Adopted before T2: LeaseAcquired
/// Stopped    -> Rebinding   Adopted after T2: LeaseAcquired
/// Init       -> Selecting   its pause is over and the carrier is there: DISCOVER
/// Selecting  -> Requesting  acceptable offer: REQUEST
/// Selecting  -> Bound       rapid acknowledgement: LeaseAcquired
/// Selecting  -> Probing     the same, with conflict detection
/// Requesting -> Bound       acknowledgement: LeaseAcquired
/// Requesting -> Probing     the same, with conflict detection
/// Requesting -> Init        refusal, or four requests unanswered
/// InitReboot -> Rebooting   the carrier is there: REQUEST
/// Rebooting  -> Bound       acknowledgement: LeaseAcquired
/// Rebooting  -> Probing     the same, with conflict detection
/// Rebooting  -> Init        refusal (LeaseLost if one is held), or two requests unanswered
/// Probing    -> Bound       AddressFree: LeaseAcquired
/// Probing    -> Init        AddressInUse: DECLINE, then a pause
/// Bound      -> Renewing    T1: REQUEST by unicast
/// Renewing   -> Bound       acknowledgement: LeaseRenewed
/// Renewing   -> Rebinding   T2: REQUEST by broadcast
/// Rebinding  -> Bound       acknowledgement: LeaseRenewed
/// Bound      -> Rebinding   time jumped over T1 and T2
/// any        -> Init        a lease ended, was refused (LeaseLost) or is in conflict (DECLINE, LeaseLost, pause);
///                           CarrierLost (waits for the carrier) and CarrierReturned without a lease
/// any        -> InitReboot  CarrierLost (waits for the carrier) and CarrierReturned while a lease lasts
/// any        -> Stopped     Stopped; Released (RELEASE and LeaseLost if one is held)
/// </code>
/// Deviations: no wait of 1 to 10 s before the first DISCOVER (section 4.4.1, SHOULD: it is meant for buildings that
/// get power back, where the exponential backoff serves as well) and the first acceptable offer is taken at once;
/// early retransmissions (<see cref="DhcpClientConfiguration.RetransmitDelayMin"/>); leases below 16 minutes are
/// asked for again more often than every 60 s (section 4.4.5, SHOULD), for otherwise one lost message loses them.
/// A lease that is held stays when no server answers after the carrier returned (section 3.2, step 4, MAY).
/// </remarks>
public sealed class DhcpClient
{
    private const int OutputsMax = 32;
    private const int RequestsMax = 4;
    private const int RebootRequestsMax = 2;
    private static readonly TimeSpan DeclinePause = TimeSpan.FromSeconds(10); // RFC 2131, section 3.1, step 5: MUST.

    private readonly DhcpClientConfiguration configuration;
    private readonly DhcpReplyFilter filter;
    private readonly DhcpSender sender;
    private readonly DhcpAlarms alarms = new();
    private readonly BoundedQueue<DhcpOutput> outputs = new(OutputsMax);

    private bool isCarrierThere;
    private bool isLeaseHeld;
    private IpAddress wished;
    private IpAddress offerer;
    private Instant quietUntil;
    private int setbacks;

    /// <summary>A client that does nothing yet.</summary>
    /// <param name="configuration">What it is told once.</param>
    /// <param name="seed">For transaction ids and jitter; should be unpredictable.</param>
    public DhcpClient(DhcpClientConfiguration configuration, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        this.configuration = configuration;
        DhcpMessageBuilder builder = new(configuration);
        filter = new(configuration.HardwareAddress, builder);
        sender = new(configuration, builder, seed);
    }

    /// <summary>Where the client stands.</summary>
    public DhcpClientState State { get; private set; }

    /// <summary>The lease that is held, or that is being looked at (Probing); null if there is none.</summary>
    public DhcpLease? Lease { get; private set; }

    /// <summary>True while messages are of interest: the receive filter may be closed otherwise.</summary>
    public bool AwaitsMessages => State is DhcpClientState.Selecting or DhcpClientState.Requesting
        or DhcpClientState.Rebooting or DhcpClientState.Renewing or DhcpClientState.Rebinding;

    /// <summary>When to call <see cref="Step"/> with TimePassed.</summary>
    public Instant Deadline => alarms.Earliest;

    /// <summary>How many messages were not followed for this reason.</summary>
    public long RefusalsOf(DhcpRefusal refusal) => filter.CountOf(refusal);

    /// <summary>Takes the next output.</summary>
    public bool TryTake(out DhcpOutput output) => outputs.TryDequeue(out output);

    /// <summary>Tells the client what happened; deadlines that are due come first.</summary>
    public void Step(in DhcpInput input, Instant now)
    {
        RunAlarms(now);
        switch (input.Kind)
        {
            case DhcpInputKind.TimePassed:
                break;
            case DhcpInputKind.Started:
                Start(input.Address, now);
                break;
            case DhcpInputKind.Adopted:
                Adopt(input.Lease!, now);
                break;
            case DhcpInputKind.Stopped:
                Stop(false, now);
                break;
            case DhcpInputKind.Released:
                Stop(true, now);
                break;
            case DhcpInputKind.CarrierLost:
                LoseCarrier(now);
                break;
            case DhcpInputKind.CarrierReturned:
                ReturnCarrier(now);
                break;
            case DhcpInputKind.MessageReceived:
                Receive(input.Packet, input.Sender, now);
                break;
            case DhcpInputKind.AddressFree:
                if (State == DhcpClientState.Probing && input.Address == Lease!.Address.Address)
                {
                    Enter(DhcpClientState.Bound, now);
                }

                break;
            case DhcpInputKind.AddressInUse:
                Decline(input.Address, now);
                break;
        }

        RunAlarms(now);
    }

    private void Start(IpAddress remembered, Instant now)
    {
        if (State != DhcpClientState.Stopped)
        {
            return;
        }

        isCarrierThere = true;
        wished = remembered;
        setbacks = 0;
        BeginSearch(now);
        Enter(remembered.IsUnspecified ? DhcpClientState.Init : DhcpClientState.InitReboot, now);
    }

    private void Adopt(DhcpLease lease, Instant now)
    {
        if (State != DhcpClientState.Stopped)
        {
            return;
        }

        isCarrierThere = true;
        wished = lease.Address.Address;
        setbacks = 0;
        isLeaseHeld = true;
        Lease = lease;
        if (lease.IsExpired(now))
        {
            DropLease(DhcpLossReason.Expired, now);
            Enter(DhcpClientState.Init, now);
            return;
        }

        Emit(new() { Kind = DhcpOutputKind.LeaseAcquired, Lease = lease });
        Enter(
            now >= lease.RebindsAt ? DhcpClientState.Rebinding
            : now >= lease.RenewsAt ? DhcpClientState.Renewing
            : DhcpClientState.Bound,
            now);
    }

    private void Stop(bool isReleased, Instant now)
    {
        if (State == DhcpClientState.Stopped)
        {
            return;
        }

        if (isReleased && isLeaseHeld && isCarrierThere)
        {
            Emit(sender.Release(Lease!, now));
        }

        if (isReleased)
        {
            DropLease(DhcpLossReason.Released, now);
        }

        Lease = null;
        isLeaseHeld = false;
        Enter(DhcpClientState.Stopped, now);
    }

    private void LoseCarrier(Instant now)
    {
        if (State == DhcpClientState.Stopped || !isCarrierThere)
        {
            return;
        }

        isCarrierThere = false;
        alarms.Set(DhcpAlarm.NoLease, Instant.Never);
        EnterBeginning(now);
    }

    private void ReturnCarrier(Instant now)
    {
        if (State == DhcpClientState.Stopped)
        {
            return;
        }

        isCarrierThere = true;
        BeginSearch(now);
        EnterBeginning(now);
    }

    /// <summary>Back to where a link begins: with a remembered address if its lease may still stand.</summary>
    private void EnterBeginning(Instant now)
    {
        bool isRemembered = isLeaseHeld
            || State is DhcpClientState.InitReboot or DhcpClientState.Rebooting or DhcpClientState.Probing;
        Lease = isLeaseHeld ? Lease : null;
        wished = Lease?.Address.Address ?? wished;
        Enter(isRemembered ? DhcpClientState.InitReboot : DhcpClientState.Init, now);
    }

    private void BeginSearch(Instant now)
    {
        sender.Begin(now);
        alarms.Set(DhcpAlarm.NoLease, isLeaseHeld || !isCarrierThere ? Instant.Never : now + configuration.NoLeaseAfter);
    }

    private void Receive(DhcpPacket packet, MacAddress source, Instant now)
    {
        DhcpRefusal refusal = filter.Check(packet, sender.TransactionId);
        if (refusal == DhcpRefusal.None)
        {
            refusal = packet.Type switch
            {
                DhcpMessageType.Offer => ReceiveOffer(packet, now),
                DhcpMessageType.Acknowledge => ReceiveAcknowledgement(packet, source, now),
                DhcpMessageType.Refuse => ReceiveRefusal(packet, now),
                _ => DhcpRefusal.Unexpected,
            };
        }

        if (refusal == DhcpRefusal.None)
        {
            return;
        }

        filter.Count(refusal);
        if (refusal >= DhcpRefusal.ServerIdentifierMissing)
        {
            Emit(new()
            {
                Kind = DhcpOutputKind.MessageRefused,
                Refusal = refusal,
                Address = packet.YourAddress,
                Sender = source,
            });
        }
    }

    private DhcpRefusal ReceiveOffer(DhcpPacket packet, Instant now)
    {
        if (State != DhcpClientState.Selecting)
        {
            return DhcpRefusal.Unexpected;
        }

        DhcpRefusal refusal = DhcpLeaseReader.CheckOffer(packet, out IpAddress server);
        if (refusal == DhcpRefusal.None)
        {
            wished = packet.YourAddress;
            offerer = server;
            sender.TakeOffer();
            Enter(DhcpClientState.Requesting, now);
        }

        return refusal;
    }

    private DhcpRefusal ReceiveAcknowledgement(DhcpPacket packet, MacAddress source, Instant now)
    {
        bool isRapid = State == DhcpClientState.Selecting && configuration.RapidCommit
            && packet.TryGetOption(DhcpOptionCode.RapidCommit, default, out _);
        if (!AwaitsMessages || (State == DhcpClientState.Selecting && !isRapid))
        {
            return DhcpRefusal.Unexpected;
        }

        DhcpRefusal refusal = DhcpLeaseReader.TryRead(packet, source, sender.SentAt, out DhcpLease? lease);
        if (refusal != DhcpRefusal.None)
        {
            return refusal;
        }

        if (State == DhcpClientState.Requesting && lease!.ServerIdentifier != offerer)
        {
            return DhcpRefusal.ForeignServer;
        }

        if (!isRapid && lease!.Address.Address != wished)
        {
            return DhcpRefusal.AddressNotTheRequested;
        }

        wished = lease!.Address.Address;
        Lease = lease;
        bool isProbeNeeded = configuration.DetectsConflicts
            && State is not (DhcpClientState.Renewing or DhcpClientState.Rebinding);
        Enter(isProbeNeeded ? DhcpClientState.Probing : DhcpClientState.Bound, now);
        return DhcpRefusal.None;
    }

    private DhcpRefusal ReceiveRefusal(DhcpPacket packet, Instant now)
    {
        if (!AwaitsMessages || State == DhcpClientState.Selecting)
        {
            return DhcpRefusal.Unexpected;
        }

        DhcpRefusal refusal = DhcpLeaseReader.CheckServer(packet, out IpAddress server);
        if (refusal != DhcpRefusal.None)
        {
            return refusal;
        }

        if ((State == DhcpClientState.Requesting && server != offerer)
            || (State == DhcpClientState.Renewing && server != Lease!.ServerIdentifier))
        {
            return DhcpRefusal.ForeignServer;
        }

        wished = default;
        DropLease(DhcpLossReason.Refused, now);
        SetBack(now);
        Enter(DhcpClientState.Init, now);
        return DhcpRefusal.None;
    }

    private void Decline(IpAddress address, Instant now)
    {
        if (Lease is null || Lease.Address.Address != address || State == DhcpClientState.Stopped)
        {
            return;
        }

        Emit(sender.Decline(Lease, now));
        wished = default;
        DropLease(DhcpLossReason.Conflict, now);
        quietUntil = now + DeclinePause;
        Enter(DhcpClientState.Init, now);
    }

    private void DropLease(DhcpLossReason reason, Instant now)
    {
        if (isLeaseHeld)
        {
            Emit(new() { Kind = DhcpOutputKind.LeaseLost, Lease = Lease, Reason = reason });
            isLeaseHeld = false;
            BeginSearch(now);
        }

        Lease = null;
    }

    /// <summary>The first setback costs no time; a server that goes on refusing is asked ever less often.</summary>
    private void SetBack(Instant now)
    {
        quietUntil = now + (setbacks == 0
            ? TimeSpan.Zero
            : sender.Jittered(TimeSpan.FromSeconds(1 << Math.Min(setbacks - 1, 6))));
        setbacks++;
    }

    /// <summary>The only writer of <see cref="State"/>.</summary>
    private void Enter(DhcpClientState next, Instant now)
    {
        DhcpClientState previous = State;
        State = next;
        sender.Attempt = 0;
        SetLeaseAlarms();
        switch (next)
        {
            case DhcpClientState.Stopped:
                alarms.Clear();
                break;
            case DhcpClientState.Init:
                alarms.Set(DhcpAlarm.Act, isCarrierThere ? Instant.Max(now, quietUntil) : Instant.Never);
                break;
            case DhcpClientState.InitReboot:
                alarms.Set(DhcpAlarm.Act, isCarrierThere ? now : Instant.Never);
                break;
            case DhcpClientState.Selecting:
            case DhcpClientState.Rebooting:
                sender.NewExchange(now);
                Send(now);
                break;
            case DhcpClientState.Requesting:
                Send(now);
                break;
            case DhcpClientState.Probing:
                alarms.Set(DhcpAlarm.Act, Instant.Never);
                Emit(new() { Kind = DhcpOutputKind.ProbeAddress, Address = wished });
                break;
            case DhcpClientState.Bound:
                HoldLease(previous);
                break;
            case DhcpClientState.Renewing:
            case DhcpClientState.Rebinding:
                if (previous != DhcpClientState.Renewing)
                {
                    sender.Begin(now);
                    sender.NewExchange(now);
                }

                Send(now);
                break;
        }

        Emit(new() { Kind = DhcpOutputKind.StateChanged, From = previous, To = next, NextAt = Deadline });
    }

    private void HoldLease(DhcpClientState previous)
    {
        alarms.Set(DhcpAlarm.Act, Instant.Never);
        alarms.Set(DhcpAlarm.NoLease, Instant.Never);
        setbacks = 0;
        isLeaseHeld = true;
        if (previous != DhcpClientState.Stopped)
        {
            bool isExtended = previous is DhcpClientState.Renewing or DhcpClientState.Rebinding;
            Emit(new()
            {
                Kind = isExtended ? DhcpOutputKind.LeaseRenewed : DhcpOutputKind.LeaseAcquired,
                Lease = Lease,
            });
        }
    }

    private void SetLeaseAlarms()
    {
        bool isRenewAhead = State == DhcpClientState.Bound;
        bool isRebindAhead = isRenewAhead || State == DhcpClientState.Renewing;
        alarms.Set(DhcpAlarm.Expire, Lease?.ExpiresAt ?? Instant.Never);
        alarms.Set(DhcpAlarm.Rebind, isRebindAhead ? Lease!.RebindsAt : Instant.Never);
        alarms.Set(DhcpAlarm.Renew, isRenewAhead ? Lease!.RenewsAt : Instant.Never);
    }

    private void RunAlarms(Instant now)
    {
        // Every alarm that runs leaves only later ones, so this ends.
        while (alarms.TryTakeDue(now, out DhcpAlarm alarm))
        {
            Run(alarm, now);
        }
    }

    private void Run(DhcpAlarm alarm, Instant now)
    {
        switch (alarm)
        {
            case DhcpAlarm.Expire:
                DropLease(DhcpLossReason.Expired, now);
                Enter(DhcpClientState.Init, now);
                break;
            case DhcpAlarm.Rebind:
                Enter(DhcpClientState.Rebinding, now);
                break;
            case DhcpAlarm.Renew:
                Enter(DhcpClientState.Renewing, now);
                break;
            case DhcpAlarm.NoLease:
                Emit(new() { Kind = DhcpOutputKind.NoLeaseYet });
                break;
            case DhcpAlarm.Act:
                Act(now);
                break;
        }
    }

    private void Act(Instant now)
    {
        sender.Attempt++;
        bool isGivenUp = (State == DhcpClientState.Requesting && sender.Attempt >= RequestsMax)
            || (State == DhcpClientState.Rebooting && sender.Attempt >= RebootRequestsMax);
        if (State == DhcpClientState.Init)
        {
            Enter(DhcpClientState.Selecting, now);
        }
        else if (State == DhcpClientState.InitReboot)
        {
            Enter(DhcpClientState.Rebooting, now);
        }
        else if (!isGivenUp)
        {
            Send(now);
        }
        else
        {
            if (State == DhcpClientState.Requesting)
            {
                SetBack(now);
            }

            Enter(DhcpClientState.Init, now);
        }
    }

    /// <summary>Sends what the state sends and sets the alarm for sending it again.</summary>
    private void Send(Instant now)
    {
        Emit(State switch
        {
            DhcpClientState.Selecting => sender.Discover(wished, now),
            DhcpClientState.Requesting => sender.Request(wished, offerer, now),
            DhcpClientState.Rebooting => sender.Reboot(wished, now),
            DhcpClientState.Renewing => sender.Renew(Lease!, now),
            DhcpClientState.Rebinding => sender.Rebind(Lease!, now),
            _ => throw new InvalidOperationException($"Nothing is sent in {State}."),
        });
        alarms.Set(DhcpAlarm.Act, State switch
        {
            DhcpClientState.Renewing => DhcpSender.ExtendAgainAt(Lease!, now, Lease!.RebindsAt),
            DhcpClientState.Rebinding => DhcpSender.ExtendAgainAt(Lease!, now, Lease!.ExpiresAt),
            _ => now + sender.RetransmitDelay(),
        });
    }

    private void Emit(in DhcpOutput output)
    {
        if (!outputs.TryEnqueue(output))
        {
            throw new InvalidOperationException("The outputs of the last step were not taken.");
        }
    }
}
