using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>Addresses that do not live for ever: first they are deprecated, then they go (RFC 4862, section 5.5.4).</summary>
internal sealed class AddressLifetimes(NetworkStack stack)
{
    public const uint Forever = uint.MaxValue;

    /// <summary>Gives a new address its lifetimes, in seconds.</summary>
    public void Set(InterfaceAddress address, uint preferred, uint valid)
    {
        Instant now = stack.Machine.Monotonic.Now;
        address.Flags &= ~(AddressFlags.Permanent | AddressFlags.Deprecated);
        address.Flags |= valid == Forever ? AddressFlags.Permanent : AddressFlags.None;
        address.Flags |= preferred == 0 ? AddressFlags.Deprecated : AddressFlags.None;
        address.ValidUntil = Until(now, valid);
        address.PreferredUntil = Until(now, preferred);
        address.UpdatedAt = now;
    }

    /// <summary>Gives an address the lifetimes of another.</summary>
    public void Take(InterfaceAddress address, InterfaceAddress from)
    {
        const AddressFlags Lifetime = AddressFlags.Permanent | AddressFlags.Deprecated;
        address.Flags = (address.Flags & ~Lifetime) | (from.Flags & Lifetime);
        address.ValidUntil = from.ValidUntil;
        address.PreferredUntil = from.PreferredUntil;
        address.UpdatedAt = from.UpdatedAt;
        Arm(address);
    }

    /// <summary>Waits for the end of the next lifetime.</summary>
    public void Arm(InterfaceAddress address)
    {
        address.Next?.Cancel();
        address.Next = null;
        Instant next = address.Local.IsV4 && address.IsPermanent ? Instant.Never : address.IsDeprecated || address.PreferredUntil.IsNever ? address.ValidUntil
            : Instant.Min(address.PreferredUntil, address.ValidUntil);
        next = address.IsTemporary ? Instant.Min(next, stack.Temporary.NextAt(address)) : next;
        if (!next.IsNever)
        {
            address.Next = stack.Machine.Monotonic.Set(next, () => End(address));
        }
    }

    /// <summary>The same after all that is being done now: an address is there before it is deprecated.</summary>
    public void ArmLater(InterfaceAddress address)
    {
        address.Next?.Cancel();
        address.Next = stack.Defer(() =>
        {
            if (address.Link.Addresses6.Contains(address))
            {
                Arm(address);
            }
        });
    }

    /// <summary>What is over for an IPv6 address of the machine shows at once.</summary>
    public void LookAtAll()
    {
        foreach (InterfaceAddress address in new List<InterfaceAddress>(stack.Addresses(null, IpFamily.V6)))
        {
            Arm(address);
            if (address.Next is { } next && next.At <= stack.Machine.Monotonic.Now)
            {
                next.Cancel();
                End(address);
            }
        }
    }

    /// <summary>Whole seconds left.</summary>
    public uint Left(Instant until)
    {
        TimeSpan left = until.IsNever ? TimeSpan.Zero : until - stack.Machine.Monotonic.Now;
        return until.IsNever ? Forever : (uint)Math.Max(Math.Ceiling(left.TotalSeconds), 0);
    }

    private static Instant Until(Instant now, uint seconds) => seconds == Forever ? Instant.Never : now + TimeSpan.FromSeconds(seconds);

    private void End(InterfaceAddress address)
    {
        address.Next = null;
        if (address.ValidUntil <= stack.Machine.Monotonic.Now)
        {
            stack.Remove(address);
            return;
        }

        // If neither is due, it was armed for a successor, and needs none any more: what it is made of is gone.
        bool isNextDue = address.IsTemporary && stack.Temporary.NextAt(address) <= stack.Machine.Monotonic.Now;
        bool isPreferred = address.PreferredUntil > stack.Machine.Monotonic.Now;
        if (isNextDue && isPreferred)
        {
            stack.Temporary.Succeed(address);
        }
        else if (!isPreferred)
        {
            address.Flags |= AddressFlags.Deprecated;
            stack.Tell.Address(address, Routing.MessageType.NewAddress);
            stack.ReportChanged(address);
        }

        Arm(address);
    }
}
