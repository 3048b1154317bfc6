using System;
using System.Collections.Generic;
using Spindle.Daemon.Execution;
using Spindle.Daemon.Logging;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon;

/// <summary>Tells the model what the kernel says.</summary>
internal sealed class KernelWatch(LinkReader reader, Log log, Action<ModelInput> submit)
{
    private readonly Dictionary<int, (uint CarrierChanges, LinkFacts Facts)> links = [];

    /// <summary>Links that are known.</summary>
    public int LinkCount => links.Count;
    private bool isKnown;

    /// <summary>Told of each address that is gone.</summary>
    public Action<ModelInput.AddressVanished>? AddressVanished { get; set; }

    /// <summary>A link as it was told last; null: it is not there.</summary>
    public LinkFacts? Find(int index) =>
        links.TryGetValue(index, out (uint CarrierChanges, LinkFacts Facts) known) ? known.Facts : null;

    public void Take(in RtnetlinkOutput change)
    {
        switch (change.Kind)
        {
            case RtnetlinkOutputKind.LinkAppeared or RtnetlinkOutputKind.LinkChanged:
                Report(change.Link);
                break;
            case RtnetlinkOutputKind.LinkVanished:
                links.Remove(change.Link.Index);
                reader.Forget(change.Link.Index);
                submit(new ModelInput.LinkVanished(change.Link.Index));
                break;
            case RtnetlinkOutputKind.AddressAppeared or RtnetlinkOutputKind.AddressChanged:
                submit(new ModelInput.AddressReported(LinkReader.Read(change.Address)));
                break;
            case RtnetlinkOutputKind.AddressVanished:
                ModelInput.AddressVanished vanished = new(change.Address.InterfaceIndex, change.Address.Prefix);
                AddressVanished?.Invoke(vanished);
                submit(vanished);
                break;
            case RtnetlinkOutputKind.RouteAppeared when !isKnown && KernelExecutor.PlanOf(change.Route) is { } plan:
                submit(new ModelInput.OwnRouteFound(plan));
                break;
            case RtnetlinkOutputKind.InitialDumpDone:
                isKnown = true;
                submit(new ModelInput.KernelKnown());
                break;
            case RtnetlinkOutputKind.OverrunBegan:
                log.Warning("netlink: messages were lost in a storm; everything is read again");
                break;
            case RtnetlinkOutputKind.Resynchronized:
                log.Information("netlink: in step with the kernel again");
                break;
            default:
                // Routes and rules of others are counted by the driver; nobody here decides by them.
                break;
        }
    }

    private void Report(in Link link)
    {
        LinkFacts facts = reader.Read(link);
        if (links.TryGetValue(link.Index, out (uint CarrierChanges, LinkFacts Facts) before)
            && before.Facts.HasCarrier && facts.HasCarrier && link.CarrierChanges - before.CarrierChanges >= 2)
        {
            // The cable was out and in again between two looks: perhaps it leads elsewhere now.
            submit(new ModelInput.LinkReported(facts with { HasCarrier = false }));
        }

        bool isSame = before.Facts == facts;
        links[link.Index] = (link.CarrierChanges, facts);
        if (!isSame || link.CarrierChanges != before.CarrierChanges)
        {
            submit(new ModelInput.LinkReported(facts));
        }
    }
}
