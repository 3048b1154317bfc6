using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>Temporary addresses (RFC 8981): beside each that a router's prefix makes one that nobody knows the machine by, and a new
/// one in time before that is deprecated.</summary>
/// <remarks>
/// As Linux 6.18 does: a router prolongs them with their public address, but never beyond what <see cref="LinkSetting"/> says counted from
/// their birth; a change of settings shows with the next advertisement; they outlive a public address whose time is over or that is
/// somebody else's, and go with one that is removed.
/// </remarks>
internal sealed class TemporaryAddresses(NetworkStack stack)
{
    /// <summary>Of the prefixes that they are made of.</summary>
    public const byte PrefixLength = 64;

    private const uint RetransMin = 10; // milliseconds

    private Instant Now => stack.Machine.Monotonic.Now;

    /// <summary>An address was made, or has other lifetimes: those that were made of it follow. One is made if it is new, or if the
    /// link has none at all.</summary>
    public void Follow(InterfaceAddress address, bool isNew)
    {
        bool isFirst = true;
        foreach (InterfaceAddress temporary in new List<InterfaceAddress>(address.Link.Addresses6))
        {
            isFirst &= !temporary.IsTemporary;
            if (temporary.Public == address)
            {
                Prolong(temporary, address);
            }
        }

        if ((isNew || isFirst) && address.Link.Settings[LinkSetting.UseTempAddr] > 0)
        {
            Make(address);
        }
    }

    /// <summary>Removes those that were made of an address.</summary>
    public void Remove(InterfaceAddress address)
    {
        foreach (InterfaceAddress temporary in address.Link.Addresses6.FindAll(other => other.Public == address))
        {
            stack.Addresses6.Remove(temporary);
        }
    }

    /// <summary>An address is gone: those that were made of it get no lifetimes from it any more, and none follows them.</summary>
    public void Forget(InterfaceAddress address)
    {
        foreach (InterfaceAddress other in address.Link.Addresses6)
        {
            other.Public = other.Public == address ? null : other.Public;
        }
    }

    /// <summary>Somebody else has an address: another one is tried if it is temporary.</summary>
    public void Retry(InterfaceAddress address)
    {
        if (address is { IsTemporary: true, Public: { } from } && address.Link.Settings[LinkSetting.UseTempAddr] > 0)
        {
            Make(from);
        }
    }

    /// <summary>When the next one is to be made, if that is still to be done; else never.</summary>
    public Instant NextAt(InterfaceAddress address) =>
        address is { IsTemporary: true, IsTentative: false, IsDeprecated: false, HasSuccessor: false, Public: not null, PreferredUntil.IsNever: false }
            ? address.PreferredUntil - TimeSpan.FromSeconds(Math.Min(AdvanceOf(address.Link), uint.MaxValue)) : Instant.Never;

    /// <summary>The time for the next one has come.</summary>
    public void Succeed(InterfaceAddress address)
    {
        address.HasSuccessor = true;
        if (address.Link.Settings[LinkSetting.UseTempAddr] > 0 && address.Public is { } from)
        {
            from.TemporaryTries = 0;
            Make(from);
        }
    }

    // Before the last one is deprecated the next must have been checked for duplicates, as often as may be.
    private static ulong AdvanceOf(SimulatedLink link)
    {
        long checking = (long)link.Settings[LinkSetting.RegenMaxRetry] * link.Settings[LinkSetting.DadTransmits]
            * Math.Max(link.RetransMilliseconds, RetransMin) / 1000;
        return (ulong)(link.Settings[LinkSetting.RegenMinAdvance] + checking);
    }

    private static uint Age(Instant since, Instant now) => (uint)(now - since).TotalSeconds;

    private static uint Less(uint from, uint part) => from > part ? from - part : 0;

    private void Prolong(InterfaceAddress temporary, InterfaceAddress from)
    {
        LinkSettings settings = temporary.Link.Settings;
        uint age = Age(temporary.CreatedAt, Now);
        uint valid = Math.Min(stack.Lifetimes.Left(from.ValidUntil), Less((uint)settings[LinkSetting.TempValidLft], age));
        uint preferred = Less(Less((uint)settings[LinkSetting.TempPreferredLft], temporary.Link.DesyncSeconds ?? 0), age);
        preferred = Math.Min(stack.Lifetimes.Left(from.PreferredUntil), preferred);
        AddressFlags deprecated = preferred > 0 ? AddressFlags.None : temporary.Flags & AddressFlags.Deprecated;
        AddressFlags permanent = temporary.Flags & AddressFlags.Permanent;
        stack.Lifetimes.Set(temporary, preferred, valid);
        temporary.Flags = (temporary.Flags & ~(AddressFlags.Permanent | AddressFlags.Deprecated)) | deprecated | permanent;
        stack.Lifetimes.ArmLater(temporary);
        if (!temporary.IsTentative)
        {
            stack.Tell.Address(temporary, MessageType.NewAddress);
        }
    }

    private void Make(InterfaceAddress from)
    {
        SimulatedLink link = from.Link;
        LinkSettings settings = link.Settings;
        if (from.TemporaryTries++ >= settings[LinkSetting.RegenMaxRetry])
        {
            settings[LinkSetting.UseTempAddr] = -1; // the network wants none
            return;
        }

        ulong advance = AdvanceOf(link);
        uint preferred = Less((uint)settings[LinkSetting.TempPreferredLft], Desync(link, advance));
        preferred = (uint)Math.Min(Math.Max(preferred, advance + 1), AddressLifetimes.Forever);
        uint valid = Math.Min(stack.Lifetimes.Left(from.ValidUntil), (uint)settings[LinkSetting.TempValidLft]);
        preferred = Math.Min(Math.Min(stack.Lifetimes.Left(from.PreferredUntil), preferred), valid);
        if (preferred <= advance)
        {
            return;
        }

        InterfaceAddress address = new(link, Draw(from), from.PrefixLength) { Scope = from.Scope, CreatedAt = Now, Public = from };
        stack.Lifetimes.Set(address, preferred, valid);
        address.Flags = AddressFlags.Secondary;
        stack.Addresses6.AddAdvertised(address);
    }

    // Drawn once, and again if it is more than it may be by now.
    private uint Desync(SimulatedLink link, ulong advance)
    {
        long max = Math.Min(link.Settings[LinkSetting.MaxDesyncFactor], (uint)link.Settings[LinkSetting.TempPreferredLft] - (long)advance);
        if (link.DesyncSeconds is not { } seconds || seconds > max)
        {
            link.DesyncSeconds = seconds = max > 0 ? stack.Draw((uint)max) : 0;
        }

        return seconds;
    }

    // The first 2^32 have a meaning (RFC 8981, section 3.3.1).
    private IpAddress Draw(InterfaceAddress from)
    {
        while (true)
        {
            ulong identifier = ((ulong)stack.Draw(uint.MaxValue) << 32) | stack.Draw(uint.MaxValue);
            IpAddress address = IpAddress.FromV6((from.Local.ToBits() >> 64 << 64) | identifier);
            if (identifier > uint.MaxValue && !from.Link.Addresses6.Exists(other => other.Local == address))
            {
                return address;
            }
        }
    }
}
