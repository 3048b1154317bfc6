using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>An open <c>/dev/net/tun</c>: the other end of a tun or tap link (<c>Documentation/networking/tuntap.rst</c>).</summary>
internal sealed class TunnelFile(SimulatedMachine machine) : OpenFile(machine)
{
    private const int InformationSize = 4; // struct tun_pi: flags, protocol
    private const ushort CutFlag = 1;      // TUN_PKT_STRIP
    private const int NameMax = 15;
    private const int PacketsMax = 500;    // a tun link's txqueuelen; a tap link's is twice that

    private readonly WaitQueue queue = new();
    private readonly Queue<byte[]> waiting = new();
    private SimulatedLink? link;
    private bool isBare;
    private bool wantsSpace; // somebody has looked and found none

    public override WaitQueue? ReadersQueue => queue;

    /// <summary>Without a link there is nothing to wait for: such a registration is never woken.</summary>
    public override PollMask Poll(WaitRegistrar? registrar)
    {
        if (link is null)
        {
            return PollMask.Error;
        }

        registrar?.Register(queue);
        wantsSpace |= !link.IsUp;
        return (waiting.Count > 0 ? PollMask.PipeData : PollMask.None) | (link.IsUp ? PollMask.PipeSpace : PollMask.None);
    }

    /// <summary>TUNSETIFF: makes a link, or takes hold of a persistent one.</summary>
    /// <returns>EEXIST if it has one; EINVAL for another kind's name; EBUSY if somebody has that link; EPERM.</returns>
    public Result Attach(SimulatedProcess process, ref string name, TunnelKind kind)
    {
        if (link is not null || Encoding.UTF8.GetByteCount(name) > NameMax)
        {
            return Result.Fail(Encoding.UTF8.GetByteCount(name) > NameMax ? Errno.EINVAL : Errno.EEXIST);
        }

        TunnelKind form = kind & (TunnelKind.Packets | TunnelKind.Frames);
        LinkKind wanted = (form & TunnelKind.Packets) != 0 ? LinkKind.Tun : LinkKind.Tap;
        if (Machine.Network.FindLink(name) is { } there)
        {
            bool fits = (there.Kind == LinkKind.Tun && (kind & TunnelKind.Packets) != 0) || (there.Kind == LinkKind.Tap && (kind & TunnelKind.Frames) != 0);
            Errno obstacle = !fits ? Errno.EINVAL
                : there.Program is not null ? Errno.EBUSY : !process.IsPrivileged ? Errno.EPERM : Errno.None;
            if (obstacle != Errno.None)
            {
                return Result.Fail(obstacle);
            }

            Take(there, kind);
            return Result.Ok();
        }

        Errno error = !process.IsPrivileged ? Errno.EPERM : form == 0 ? Errno.EINVAL : Errno.None;
        string? chosen = Machine.Network.FreeName(name.Length > 0 ? name : wanted == LinkKind.Tun ? "tun%d" : "tap%d");
        if (error != Errno.None || chosen is null)
        {
            return Result.Fail(error != Errno.None ? error : Errno.EINVAL);
        }

        name = chosen;
        Take(Machine.Network.AddTunnel(chosen, wanted), kind);
        return Result.Ok();
    }

    /// <summary>TUNSETPERSIST: whether the link stays when the file is closed.</summary>
    public Result Persist(bool isPersistent)
    {
        if (link is null)
        {
            return Result.Fail(Errno.EBADFD);
        }

        link.IsPersistent = isPersistent;
        return Result.Ok();
    }

    /// <summary>One packet; what there is no room for is lost.</summary>
    public override Result Read(Span<byte> destination)
    {
        if (link is null)
        {
            return Result.Fail(Errno.EBADFD);
        }

        if (destination.IsEmpty)
        {
            return Result.Ok(0);
        }

        if (!waiting.TryDequeue(out byte[]? packet))
        {
            return Result.Fail(Errno.EAGAIN);
        }

        int front = isBare ? 0 : InformationSize;
        if (destination.Length < front)
        {
            return Result.Fail(Errno.EINVAL);
        }

        int count = Math.Min(packet.Length, destination.Length - front);
        if (!isBare)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination, count < packet.Length ? CutFlag : (ushort)0);
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], LinkHeader.ProtocolOf(link, packet));
        }

        packet.AsSpan(0, count).CopyTo(destination[front..]);
        return Result.Ok(front + count);
    }

    /// <summary>One packet comes in by the link: EIO while that is down, EINVAL for what can be none.</summary>
    public override Result Write(ReadOnlySpan<byte> source)
    {
        if (link is null)
        {
            return Result.Fail(Errno.EBADFD);
        }

        int front = isBare ? 0 : InformationSize;
        ReadOnlySpan<byte> packet = source.Length < front ? default : source[front..];
        if (source.Length < front || (link.Kind == LinkKind.Tap && packet.Length < LinkHeader.EthernetSize))
        {
            return Result.Fail(Errno.EINVAL);
        }

        bool isPacket = link.Kind == LinkKind.Tap || !isBare || (packet.Length > 0 && packet[0] >> 4 is 4 or 6);
        bool isTaken = isPacket && link.IsUp;
        if (isTaken)
        {
            link.Receive(packet);
        }

        AnnounceSpace(); // whatever became of it, its memory is free again
        return isTaken ? Result.Ok(source.Length) : Result.Fail(isPacket ? Errno.EIO : Errno.EINVAL);
    }

    protected override void Release()
    {
        if (link is { } own)
        {
            LetGo();
            if (!own.IsPersistent)
            {
                Machine.Network.RemoveLink(own);
            }
        }
    }

    private void Take(SimulatedLink taken, TunnelKind kind)
    {
        link = taken;
        isBare = (kind & TunnelKind.Bare) != 0;
        Machine.Network.LinkSwitched += Switched;
        Machine.Network.LinkRemoved += Removed;
        taken.Program = Arrived;
    }

    private void LetGo()
    {
        SimulatedLink own = link!;
        link = null;
        waiting.Clear();
        Machine.Network.LinkSwitched -= Switched;
        Machine.Network.LinkRemoved -= Removed;
        own.Program = null;
    }

    private void Arrived(SimulatedLink from, ReadOnlySpan<byte> packet)
    {
        int max = from.Kind == LinkKind.Tap ? 2 * PacketsMax : PacketsMax;
        if (waiting.Count >= max)
        {
            from.Counters.SendDropped++;
            return;
        }

        waiting.Enqueue(packet.ToArray());
        queue.Wake(PollMask.SocketData);
    }

    private void Switched(SimulatedLink switched)
    {
        if (switched == link && switched.IsUp)
        {
            AnnounceSpace();
        }
    }

    private void AnnounceSpace()
    {
        if (wantsSpace)
        {
            wantsSpace = false;
            queue.Wake(PollMask.SocketSpace);
        }
    }

    private void Removed(SimulatedLink removed)
    {
        if (removed == link)
        {
            LetGo();
            queue.Wake(PollMask.SocketData);
        }
    }
}
