using System;
using Spindle.Basics;

namespace Spindle.Protocols.Arp;

/// <summary>What can happen to an <see cref="Ipv4LinkLocal"/>.</summary>
public enum LinkLocalInputKind
{
    /// <summary>The deadline, or any other moment.</summary>
    TimePassed,

    /// <summary>An address is wanted.</summary>
    Started,

    /// <summary>An address of 169.254/16 from before a restart of the program is still on the link.</summary>
    Adopted,

    /// <summary>An ARP packet came.</summary>
    PacketReceived,

    /// <summary>The packet that was to be sent last could not be.</summary>
    SendFailed,

    /// <summary>No address is wanted any more.</summary>
    Stopped,
}

/// <summary>One thing that happened to an <see cref="Ipv4LinkLocal"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">With Started: an address used here before, to be tried first, or 0.0.0.0. With Adopted: the address.</param>
/// <param name="Packet">With PacketReceived: the packet.</param>
public readonly record struct LinkLocalInput(
    LinkLocalInputKind Kind, IpAddress Address = default, ArpPacket Packet = default)
{
    /// <summary>The deadline, or any other moment.</summary>
    public static LinkLocalInput TimePassed => default;

    /// <summary>The packet that was to be sent last could not be.</summary>
    public static LinkLocalInput SendFailed => new(LinkLocalInputKind.SendFailed);

    /// <summary>No address is wanted any more.</summary>
    public static LinkLocalInput Stopped => new(LinkLocalInputKind.Stopped);

    /// <summary>An address is wanted.</summary>
    public static LinkLocalInput Started(IpAddress remembered = default) =>
        new(LinkLocalInputKind.Started, remembered);

    /// <summary>An address from before a restart of the program is still on the link.</summary>
    public static LinkLocalInput Adopted(IpAddress address) => new(LinkLocalInputKind.Adopted, address);

    /// <summary>An ARP packet came, from somebody else than this machine.</summary>
    public static LinkLocalInput PacketReceived(ArpPacket packet) =>
        new(LinkLocalInputKind.PacketReceived, default, packet);
}

/// <summary>What an <see cref="Ipv4LinkLocal"/> wants done, or says.</summary>
public enum LinkLocalOutputKind
{
    /// <summary>Send the packet to all stations.</summary>
    Send,

    /// <summary>Put the address on the link.</summary>
    AddressAcquired,

    /// <summary>Take the address off the link; another is being looked for.</summary>
    AddressLost,

    /// <summary>An address was taken already; another is tried. For the log.</summary>
    ConflictFound,
}

/// <summary>One thing that an <see cref="Ipv4LinkLocal"/> wants done, or says.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">The address with its prefix, 169.254/16.</param>
/// <param name="Packet">With Send: the packet.</param>
/// <param name="Rival">With AddressLost and ConflictFound: who has it.</param>
public readonly record struct LinkLocalOutput(
    LinkLocalOutputKind Kind, IpPrefix Address, ArpPacket Packet = default, MacAddress Rival = default);

/// <summary>Takes an address of 169.254/16 for a link without a server (RFC 3927), on top of
/// <see cref="AddressConflictDetector"/>.</summary>
/// <remarks>
/// Candidates come from a generator seeded by the hardware address, so that a host finds the same one each time
/// (section 2.1, SHOULD). After ten conflicts candidates are tried no faster than one a minute (section 2.2.1, MUST);
/// an address in use is defended once in ten seconds, then given up (section 2.5 (b)).
/// </remarks>
public sealed class Ipv4LinkLocal
{
    private const byte PrefixLength = 16;
    private const uint First = 0xA9FE_0100; // 169.254.1.0; the first and last 256 are reserved (section 2.1).
    private const uint Count = 0xFE00;

    private readonly MacAddress hardwareAddress;
    private readonly AddressConflictDetector detector;
    private readonly BoundedQueue<LinkLocalOutput> outputs = new(16);
    private PseudoRandom candidates;
    private bool isOurs;

    /// <summary>A machine that wants no address yet.</summary>
    /// <param name="hardwareAddress">Our address on the link; candidates are made of it.</param>
    /// <param name="seed">For the random delays.</param>
    /// <param name="timing">The constants; null for those of the RFC.</param>
    public Ipv4LinkLocal(MacAddress hardwareAddress, ulong seed, ArpTiming? timing = null)
    {
        this.hardwareAddress = hardwareAddress;
        detector = new(hardwareAddress, AddressDefence.DefendOnce, seed, timing);
    }

    /// <summary>Where the detector below stands; Idle if no address is wanted.</summary>
    public AddressConflictState State => detector.State;

    /// <summary>The address that is ours; null if none is.</summary>
    public IpPrefix? Address => isOurs ? new(detector.Address, PrefixLength) : null;

    /// <summary>The address that is being tried, or is ours.</summary>
    public IpAddress Candidate => detector.Address;

    /// <summary>True while ARP packets are of interest.</summary>
    public bool AwaitsPackets => detector.AwaitsPackets;

    /// <summary>When to call <see cref="Step"/> with TimePassed.</summary>
    public Instant Deadline => detector.Deadline;

    /// <summary>Takes the next output.</summary>
    public bool TryTake(out LinkLocalOutput output) => outputs.TryDequeue(out output);

    /// <summary>Tells the machine what happened.</summary>
    public void Step(in LinkLocalInput input, Instant now)
    {
        switch (input.Kind)
        {
            case LinkLocalInputKind.TimePassed:
                detector.Step(AddressConflictInput.TimePassed, now);
                break;
            case LinkLocalInputKind.Started when State == AddressConflictState.Idle:
                Reseed();
                detector.Step(AddressConflictInput.ProbeWanted(
                    IsCandidate(input.Address) ? input.Address : NextCandidate()), now);
                break;
            case LinkLocalInputKind.Adopted when State == AddressConflictState.Idle:
                Reseed();
                isOurs = true;
                detector.Step(AddressConflictInput.WatchWanted(input.Address), now);
                break;
            case LinkLocalInputKind.Started:
            case LinkLocalInputKind.Adopted:
                break;
            case LinkLocalInputKind.PacketReceived:
                detector.Step(AddressConflictInput.PacketReceived(input.Packet), now);
                break;
            case LinkLocalInputKind.SendFailed:
                detector.Step(AddressConflictInput.SendFailed, now);
                break;
            case LinkLocalInputKind.Stopped:
                isOurs = false;
                detector.Step(AddressConflictInput.Stopped, now);
                break;
        }

        while (detector.TryTake(out AddressConflictOutput output))
        {
            Take(output, now);
        }
    }

    private static bool IsCandidate(IpAddress address) => address.IsV4 && address.ToV4() - First < Count;

    private void Take(in AddressConflictOutput output, Instant now)
    {
        IpPrefix address = new(output.Address, PrefixLength);
        switch (output.Kind)
        {
            case AddressConflictOutputKind.Send:
                outputs.TryEnqueue(new(LinkLocalOutputKind.Send, address, output.Packet));
                break;
            case AddressConflictOutputKind.AddressFree:
                isOurs = true;
                outputs.TryEnqueue(new(LinkLocalOutputKind.AddressAcquired, address));
                break;
            case AddressConflictOutputKind.AddressDefended:
                break;
            case AddressConflictOutputKind.AddressInUse:
                TryAnother(LinkLocalOutputKind.ConflictFound, address, output.Rival, now);
                break;
            case AddressConflictOutputKind.AddressLost:
                TryAnother(LinkLocalOutputKind.AddressLost, address, output.Rival, now);
                break;
        }
    }

    private void TryAnother(LinkLocalOutputKind said, IpPrefix address, MacAddress rival, Instant now)
    {
        isOurs = false;
        outputs.TryEnqueue(new(said, address, Rival: rival));
        detector.Step(AddressConflictInput.ProbeWanted(NextCandidate()), now);
    }

    private void Reseed()
    {
        Span<byte> octets = stackalloc byte[8];
        octets.Clear();
        hardwareAddress.Write(octets);
        candidates = new(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(octets));
    }

    private IpAddress NextCandidate() => IpAddress.FromV4(First + candidates.NextBelow(Count));
}
