using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Spindle.Basics;
using Spindle.Model;

namespace Model.Tests;

/// <summary>A machine with cables, told in a few words; collects what the model puts out.</summary>
internal sealed class World
{
    public static readonly MacAddress Mac = Address("02:00:00:00:00:01");

    private readonly Dictionary<string, ServiceConfiguration> stored = [];

    public World(ModelConfiguration? configuration = null, bool isOffline = false, bool? isEnabled = null)
    {
        Model = new NetworkModel(configuration ?? new ModelConfiguration(), isEnabled, isOffline, []);
    }

    public NetworkModel Model { get; }

    public Instant Now { get; private set; } = Instant.FromSeconds(100);

    public List<ModelOutput> Outputs { get; } = [];

    public static MacAddress Address(string text) =>
        MacAddress.TryParse(text, out MacAddress mac) ? mac : throw new ArgumentException(text);

    public static LinkFacts Eth(int index, bool hasCarrier = true, bool isUp = true) =>
        new(index, $"eth{index - 1}", Address($"02:00:00:00:00:{index:x2}")) { IsUp = isUp, HasCarrier = hasCarrier };

    public static Ipv4Lease Lease(string prefix, string gateway, string? dns = null) => new(IpPrefix.Parse(prefix))
    {
        Routes = [new NetworkRoute(IpPrefix.Parse("0.0.0.0/0"), IpAddress.Parse(gateway))],
        Nameservers = [IpAddress.Parse(dns ?? gateway)],
        DomainName = "lab.test",
        ValidUntil = Instant.FromSeconds(3700),
    };

    public World Store(string ident, ServiceConfiguration configuration)
    {
        stored[ident] = configuration;
        return this;
    }

    public World Boot(params LinkFacts[] links)
    {
        foreach (LinkFacts link in links)
        {
            Do(new ModelInput.LinkReported(link));
        }

        return Do(new ModelInput.KernelKnown());
    }

    /// <summary>One input; settings that the model asks for are answered at once. Only its outputs are kept.</summary>
    public World Do(ModelInput input)
    {
        Outputs.Clear();
        Queue<ModelInput> inputs = new([input]);
        while (inputs.TryDequeue(out ModelInput? next))
        {
            Model.Step(next, Now);
            while (Model.TryTake(out ModelOutput? output))
            {
                if (output is ModelOutput.LoadService load)
                {
                    inputs.Enqueue(new ModelInput.ServiceLoaded(load.Ident, stored.GetValueOrDefault(load.Ident)));
                }

                Outputs.Add(output);
            }
        }

        return this;
    }

    public World Wait(double seconds) => Wait(seconds, new ModelInput.TimePassed());

    /// <summary>So much time goes by until something comes, or the timer.</summary>
    public World Wait(double seconds, ModelInput input)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Do(input);
    }

    public IEnumerable<T> Of<T>()
        where T : ModelOutput => Outputs.OfType<T>();

    public string States() => string.Join(" ", Of<ModelOutput.ServiceChanged>()
        .Where(static c => c.Changed.HasFlag(ServiceProperties.State)).Select(static c => c.State.ToWord()));

    public string ManagerStates() => string.Join(" ", Of<ModelOutput.StateChanged>().Select(static c => c.State));

    public Service Service(int index = 1) => Model.Find(Eth(index).ServiceIdent)!;

    public string Routes() => string.Join(", ", Of<ModelOutput.AddRoute>()
        .Select(static r => $"{r.Plan.Destination} via {r.Plan.Gateway} dev {r.Plan.LinkIndex} metric {r.Plan.Metric}"));
}
