using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network;

/// <summary>Duplicate address detection (RFC 4862, section 5.4): a solicitation after a random delay, and if nobody answers
/// within a second the address is the machine's.</summary>
internal sealed class DuplicateDetection(NetworkStack stack)
{
    private static readonly TimeSpan RetransTimer = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InterfaceAddress, Alarm> running = [];

    /// <summary>Whether it is done at all (the accept_dad setting).</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Begins, or waits for the link to work; <see cref="Addresses6.BecomeReady"/> begins again.</summary>
    public void Begin(InterfaceAddress address)
    {
        if (running.ContainsKey(address) || address.IsDuplicate)
        {
            return;
        }

        SimulatedLink link = address.Link;
        bool isWanted = IsOn && link.Settings[LinkSetting.DadTransmits] > 0
            && Math.Max(link.Settings[LinkSetting.AcceptDad], stack.SettingsOfAll[LinkSetting.AcceptDad]) > 0;
        if (!isWanted || (link.Flags & (LinkFlags.NoArp | LinkFlags.Loopback)) != 0 || (address.Flags & AddressFlags.NoDetection) != 0)
        {
            running[address] = stack.Defer(() => Pass(address));
        }
        else if (link.SpeaksV6)
        {
            TimeSpan delayMax = TimeSpan.FromSeconds(Math.Max(link.Settings[LinkSetting.RouterSolicitationDelay], 0));
            running[address] = stack.Machine.Monotonic.Set(stack.Machine.Monotonic.Now + (delayMax * stack.Draw(1000) / 1000), () => Probe(address));
        }
    }

    /// <summary>Somebody else has the address: it goes, unless it was to be there for ever.</summary>
    public void Fail(InterfaceAddress address)
    {
        if (!address.IsTentative || address.IsDuplicate)
        {
            return;
        }

        End(address);
        address.Flags |= AddressFlags.DetectionFailed;
        if (address.IsPermanent)
        {
            stack.Tell.Address(address, Routing.MessageType.NewAddress);
            stack.ReportChanged(address);
            return;
        }

        stack.Temporary.Retry(address);
        stack.Addresses6.Remove(address);
    }

    /// <summary>The address is gone, or in use already.</summary>
    public void End(InterfaceAddress address)
    {
        if (running.Remove(address, out Alarm? alarm))
        {
            alarm.Cancel();
        }
    }

    private void Probe(InterfaceAddress address)
    {
        running[address] = stack.Machine.Monotonic.Set(stack.Machine.Monotonic.Now + RetransTimer, () => Pass(address));
        stack.ReportProbe(address);
    }

    private void Pass(InterfaceAddress address)
    {
        running.Remove(address);
        stack.Addresses6.Settle(address);
    }
}
