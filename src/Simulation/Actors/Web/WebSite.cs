using System;
using System.Collections.Generic;
using Spindle.Simulation.Actors.Hosts;

namespace Spindle.Simulation.Actors.Web;

/// <summary>Everything that can be turned on a <see cref="WebSite"/>; exchanged while it runs.</summary>
internal sealed record WebSettings
{
    public WebMood Mood { get; init; }

    /// <summary>Where a redirect leads.</summary>
    public string Location { get; init; } = "http://portal.example/login";

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(50);
}

/// <summary>A web server on a stack, one request a connection.</summary>
internal sealed class WebSite
{
    /// <summary>So many requests are remembered.</summary>
    public const int RequestsMax = 64;

    private readonly Queue<string> requests = new();

    public WebSite(IpStack stack, WebSettings settings, ushort port = 80)
    {
        Settings = settings;
        Name = stack.Name + " web";
        Context = stack.Context.Fork(Name);
        stack.Tcp.Listen(port, _ => Welcome(), () => new WebApplication(this));
    }

    public string Name { get; }

    public WebSettings Settings { get; set; }

    public ActorContext Context { get; }

    /// <summary>Requests so far.</summary>
    public long Count { get; private set; }

    /// <summary>The latest requests' heads.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    internal void Note(string head)
    {
        Count++;
        requests.Enqueue(head);
        if (requests.Count > RequestsMax)
        {
            requests.Dequeue();
        }
    }

    private TcpWelcome Welcome() => Settings.Mood switch
    {
        WebMood.RefusesConnection => TcpWelcome.Refuse,
        WebMood.IgnoresConnection => TcpWelcome.Ignore,
        _ => TcpWelcome.Accept,
    };
}
