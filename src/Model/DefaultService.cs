using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What the first service alone has: online checks, the machine's name; and the machine's name servers.</summary>
internal sealed class DefaultService(ModelStore store, ServiceLifecycle lifecycle)
{
    // Used again with each step.
    private readonly List<ResolverPlan> servers = [];
    private readonly List<string> search = [];

    private ImmutableArray<ResolverPlan> resolvers = [];
    private ImmutableArray<string> domains = [];
    private string? hostName;
    private string? domainName;

    /// <summary>Checks the first service, and takes the others back to ready.</summary>
    public void Settle()
    {
        for (int i = 0; i < store.Services.Count; i++)
        {
            Service service = store.Services[i];
            foreach (IpFamily family in (System.ReadOnlySpan<IpFamily>)[IpFamily.V4, IpFamily.V6])
            {
                bool isFirst = i == 0 || service.Error == ServiceErrors.OnlineCheckFailed;
                Settle(service, family, isFirst && store.Rules.OnlineCheck);
            }
        }
    }

    /// <summary>Outputs name servers, search domains, host and domain name where they changed.</summary>
    public void SettleNames()
    {
        servers.Clear();
        search.Clear();
        foreach (Service service in store.Services)
        {
            foreach (IpAddress server in service.Shown.Nameservers)
            {
                servers.Add(new(server, service.Link.Index, service.Link.Name));
            }

            foreach (string domain in service.Shown.Domains)
            {
                if (!search.Contains(domain))
                {
                    search.Add(domain);
                }
            }
        }

        if (servers.Count == 0)
        {
            servers.AddRange(store.Rules.FallbackNameservers.Map(static server => new ResolverPlan(server, 0, "")));
        }

        if (!servers.IsSameAs(resolvers) || !search.IsSameAs(domains))
        {
            resolvers = [.. servers];
            domains = [.. search];
            store.Do(new ModelOutput.SetResolvers(resolvers, domains));
        }

        SettleHostNames();
    }

    private void Settle(Service service, IpFamily family, bool isToBeChecked)
    {
        ServiceState state = service.StateOf(family);
        if (!state.IsConnected())
        {
            return;
        }

        if (!isToBeChecked)
        {
            lifecycle.StopCheck(service, family);
            if (state == ServiceState.Online)
            {
                lifecycle.SetState(service, family, ServiceState.Ready);
            }
        }
        else if (!service.IsChecked(family))
        {
            service.SetChecked(family, true);
            store.Tell(new ModelOutput.StartOnlineCheck(service, family));
        }
    }

    private void SettleHostNames()
    {
        Ipv4Lease? lease = store.Services.Count > 0 ? store.Services[0].Lease : null;
        if (store.Rules.HostNameUpdates && lease?.HostName is { } host && host != hostName)
        {
            hostName = host;
            store.Do(new ModelOutput.SetHostName(host));
        }

        if (store.Rules.DomainNameUpdates && lease?.DomainName is { } domain && domain != domainName)
        {
            domainName = domain;
            store.Do(new ModelOutput.SetDomainName(domain));
        }
    }
}
