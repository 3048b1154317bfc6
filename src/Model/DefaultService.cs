using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What the first service alone has: online checks, the machine's name; and the machine's name servers.</summary>
internal sealed class DefaultService(ModelStore store, ServiceLifecycle lifecycle)
{
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
        List<string> search = [];
        int count = 0;
        bool areSame = true;
        foreach (Service service in store.Services)
        {
            foreach (IpAddress server in service.Shown.Nameservers)
            {
                areSame &= IsResolver(count++, server, service.Link.Index, service.Link.Name);
            }

            foreach (string domain in service.Shown.Domains)
            {
                if (!search.Contains(domain))
                {
                    search.Add(domain);
                }
            }
        }

        if (count == 0)
        {
            foreach (IpAddress server in store.Rules.FallbackNameservers)
            {
                areSame &= IsResolver(count++, server, 0, "");
            }
        }

        if (!areSame || count != resolvers.Length || !search.IsSameAs(domains))
        {
            resolvers = Resolvers();
            domains = [.. search];
            store.Do(new ModelOutput.SetResolvers(resolvers, domains));
        }

        SettleHostNames();
    }

    private bool IsResolver(int place, IpAddress server, int link, string linkName) =>
        place < resolvers.Length && resolvers[place] == new ResolverPlan(server, link, linkName);

    private ImmutableArray<ResolverPlan> Resolvers()
    {
        List<ResolverPlan> servers = [];
        foreach (Service service in store.Services)
        {
            servers.AddRange(service.Shown.Nameservers.Map(
                server => new ResolverPlan(server, service.Link.Index, service.Link.Name)));
        }

        return servers.Count > 0
            ? [.. servers]
            : store.Rules.FallbackNameservers.Map(static server => new ResolverPlan(server, 0, ""));
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
