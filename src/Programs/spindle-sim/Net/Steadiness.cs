using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Model;

namespace Spindle.Programs.Net;

/// <summary>A call that fails once, and works when it is tried again, costs a service that is connected nothing.</summary>
internal sealed class Steadiness(NetworkModel model, Action<string, string> violated)
{
    private readonly HashSet<(string Ident, IpFamily Family)> connected = [];

    /// <summary>Behind each step of the model.</summary>
    public void Look()
    {
        foreach (Service service in model.Services)
        {
            Look(service.Ident, IpFamily.V4, service.Ipv4State);
            Look(service.Ident, IpFamily.V6, service.Ipv6State);
        }
    }

    private void Look(string ident, IpFamily family, ServiceState state)
    {
        if (state.IsConnected())
        {
            connected.Add((ident, family));
        }
        else if (connected.Contains((ident, family)))
        {
            violated("a call that fails once costs no connection", $"{ident} {family} is {state}");
        }
    }
}
