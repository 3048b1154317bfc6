using System;
using Spindle.Basics;

namespace Spindle.Protocols.Arp;

/// <summary>Finds out whether an address is free on a link, announces and defends it (RFC 5227).</summary>
/// <remarks>
/// <code>
/// Idle       -> Waiting     ProbeWanted
/// Idle       -> Announcing  WatchWanted: announcement
/// Waiting    -> Probing     the delay is over: probe
/// Waiting    -> Idle        conflict: AddressInUse
/// Probing    -> Announcing  the probes are unanswered: announcement, AddressFree
/// Probing    -> Idle        conflict: AddressInUse
/// Announcing -> Watching    the announcements are out
/// Announcing -> Idle        conflict: AddressLost, if it is not defended
/// Watching   -> Idle        conflict: AddressLost, if it is not defended
/// any        -> Waiting     ProbeWanted
/// any        -> Announcing  WatchWanted
/// any        -> Idle        Stopped
/// </code>
/// A probe that could not be sent is sent again a probe's delay later: nobody was asked. With no probes configured the address is free after the wait for announcing.
/// </remarks>
public sealed class AddressConflictDetector
{
    private readonly MacAddress hardwareAddress;
    private readonly AddressDefence defence;
    private readonly ArpTiming timing;
    private readonly BoundedQueue<AddressConflictOutput> outputs = new(8);
    private PseudoRandom random;
    private int sent;
    private Instant defendedAt;
    private bool hasDefended;

    /// <summary>A detector that watches nothing yet.</summary>
    /// <param name="hardwareAddress">Our address on the link.</param>
    /// <param name="defence">What to do about somebody who claims our address.</param>
    /// <param name="seed">For the random delays.</param>
    /// <param name="timing">The constants; null for those of the RFC.</param>
    public AddressConflictDetector(
        MacAddress hardwareAddress, AddressDefence defence, ulong seed, ArpTiming? timing = null)
    {
        this.hardwareAddress = hardwareAddress;
        this.defence = defence;
        this.timing = timing ?? ArpTiming.Standard;
        random = new(seed);
    }

    /// <summary>Where the detector stands.</summary>
    public AddressConflictState State { get; private set; }

    /// <summary>The address that is probed or watched.</summary>
    public IpAddress Address { get; private set; }

    /// <summary>Conflicts since an address last became ours; many slow the probing down.</summary>
    public int Conflicts { get; private set; }

    /// <summary>True while ARP packets are of interest: the receive filter may be closed otherwise.</summary>
    public bool AwaitsPackets => State != AddressConflictState.Idle;

    /// <summary>When to call <see cref="Step"/> with TimePassed.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Takes the next output.</summary>
    public bool TryTake(out AddressConflictOutput output) => outputs.TryDequeue(out output);

    /// <summary>Tells the detector what happened.</summary>
    public void Step(in AddressConflictInput input, Instant now)
    {
        switch (input.Kind)
        {
            case AddressConflictInputKind.TimePassed:
                break;
            case AddressConflictInputKind.ProbeWanted:
                Address = input.Address;
                Enter(AddressConflictState.Waiting, now);
                break;
            case AddressConflictInputKind.WatchWanted:
                Address = input.Address;
                Enter(AddressConflictState.Announcing, now);
                break;
            case AddressConflictInputKind.PacketReceived:
                Receive(input.Packet, now);
                break;
            case AddressConflictInputKind.SendFailed when State == AddressConflictState.Probing && sent > 0:
                sent--;
                Deadline = now + random.NextBetween(timing.ProbeDelayMin, timing.ProbeDelayMax);
                break;
            case AddressConflictInputKind.SendFailed:
                break;
            case AddressConflictInputKind.Stopped:
                Enter(AddressConflictState.Idle, now);
                break;
        }

        while (Deadline <= now)
        {
            Act(now);
        }
    }

    /// <summary>The only writer of <see cref="State"/>.</summary>
    private void Enter(AddressConflictState next, Instant now)
    {
        State = next;
        sent = 0;
        switch (next)
        {
            case AddressConflictState.Idle:
            case AddressConflictState.Watching:
                Deadline = Instant.Never;
                break;
            case AddressConflictState.Waiting:
                TimeSpan limit = Conflicts >= timing.ConflictsMax ? timing.RateLimitDelay : TimeSpan.Zero;
                Deadline = now + limit + random.NextBetween(TimeSpan.Zero, timing.ProbeWaitMax);
                break;
            case AddressConflictState.Probing:
                Deadline = now;
                break;
            case AddressConflictState.Announcing:
                hasDefended = false;
                Announce(now);
                break;
        }
    }

    private void Act(Instant now)
    {
        switch (State)
        {
            case AddressConflictState.Waiting:
                Enter(AddressConflictState.Probing, now);
                break;
            case AddressConflictState.Probing when sent < timing.Probes:
                sent++;
                Send(ArpPacket.Probe(hardwareAddress, Address));
                Deadline = now + (sent < timing.Probes
                    ? random.NextBetween(timing.ProbeDelayMin, timing.ProbeDelayMax)
                    : timing.AnnounceWait);
                break;
            case AddressConflictState.Probing:
                Conflicts = 0;
                Enter(AddressConflictState.Announcing, now);
                outputs.TryEnqueue(new(AddressConflictOutputKind.AddressFree, Address));
                break;
            case AddressConflictState.Announcing when sent < timing.Announcements:
                Announce(now);
                break;
            case AddressConflictState.Announcing:
                Enter(AddressConflictState.Watching, now);
                break;
            case AddressConflictState.Idle:
            case AddressConflictState.Watching:
                Deadline = Instant.Never;
                break;
        }
    }

    private void Announce(Instant now)
    {
        sent++;
        Send(ArpPacket.Announcement(hardwareAddress, Address));
        Deadline = sent < timing.Announcements ? now + timing.AnnounceDelay : now;
    }

    private void Receive(in ArpPacket packet, Instant now)
    {
        if (packet.SenderHardwareAddress == hardwareAddress)
        {
            return;
        }

        bool isClaim = packet.SenderAddress == Address;
        switch (State)
        {
            case AddressConflictState.Idle:
                break;
            case AddressConflictState.Waiting:
            case AddressConflictState.Probing:
                // Somebody else's probe for the same address is a conflict too (section 2.1.1).
                if (isClaim || (packet.IsProbe && packet.TargetAddress == Address))
                {
                    Conflicts++;
                    End(AddressConflictOutputKind.AddressInUse, packet.SenderHardwareAddress, now);
                }

                break;
            case AddressConflictState.Announcing:
            case AddressConflictState.Watching:
                if (isClaim)
                {
                    Defend(packet.SenderHardwareAddress, now);
                }

                break;
        }
    }

    private void Defend(MacAddress rival, Instant now)
    {
        bool isRecent = hasDefended && now < defendedAt + timing.DefendDelay;
        switch (defence)
        {
            case AddressDefence.GiveUp:
            case AddressDefence.DefendOnce when isRecent:
                Conflicts++;
                End(AddressConflictOutputKind.AddressLost, rival, now);
                break;
            case AddressDefence.DefendOnce:
            case AddressDefence.DefendAlways:
                if (!isRecent)
                {
                    hasDefended = true;
                    defendedAt = now;
                    Send(ArpPacket.Announcement(hardwareAddress, Address));
                    outputs.TryEnqueue(new(AddressConflictOutputKind.AddressDefended, Address, Rival: rival));
                }

                break;
        }
    }

    private void End(AddressConflictOutputKind kind, MacAddress rival, Instant now)
    {
        Enter(AddressConflictState.Idle, now);
        outputs.TryEnqueue(new(kind, Address, Rival: rival));
    }

    private void Send(in ArpPacket packet) =>
        outputs.TryEnqueue(new(AddressConflictOutputKind.Send, Address, packet));
}
