using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>Clients that ask the user for us: one a connection, one question at a time each.</summary>
/// <param name="connection">The bus.</param>
/// <param name="browserTimeout">How long a user may take in a browser (<c>BrowserLaunchTimeout</c>).</param>
internal sealed class AgentRegistry(BusConnection connection, Func<TimeSpan> browserTimeout)
{
    private const string Name = "net.connman.Agent";

    /// <summary>Agents at most; the next is refused.</summary>
    private const int AgentCountMax = 64;

    /// <summary>Questions that wait for one agent at most; the next is dropped.</summary>
    private const int QuestionCountMax = 32;

    private readonly List<Agent> agents = [];

    private sealed class Agent(string owner, string path)
    {
        public string Owner => owner;

        public string Path => path;

        public BusNameWatch? Watch { get; set; }

        public BoundedQueue<(BusRequest Request, BusReplyHandler Handler)> Questions { get; } = new(QuestionCountMax);

        public bool IsAsked { get; set; }
    }

    /// <summary>Told when an agent registered: it may have been missed.</summary>
    public event Action? Registered;

    /// <summary>Questions dropped because too many waited.</summary>
    public long DroppedQuestions { get; private set; }

    public void Register(BusCall call)
    {
        if (agents.Exists(agent => agent.Owner == call.Sender))
        {
            call.AlreadyExists();
            return;
        }

        if (agents.Count >= AgentCountMax || !call.Arguments[0].TryGetObjectPath(out string? path))
        {
            call.Error(BusErrors.LimitsExceeded, "Too many agents.");
            return;
        }

        Agent added = new(call.Sender, path);
        agents.Add(added);
        added.Watch = connection.WatchName(call.Sender, owner =>
        {
            if (owner is null)
            {
                Drop(added);
            }
        });
        call.Reply();
        Registered?.Invoke();
    }

    public void Unregister(BusCall call)
    {
        // The path is ignored, as in ConnMan: a connection has one agent.
        Agent? agent = agents.Find(agent => agent.Owner == call.Sender);
        if (agent is null)
        {
            call.NotRegistered();
            return;
        }

        Drop(agent);
        call.Reply();
    }

    /// <summary>The bus is gone, and all clients with it.</summary>
    public void Clear()
    {
        foreach (Agent agent in agents.ToArray())
        {
            Drop(agent);
        }
    }

    /// <summary>Tells all agents that we are going.</summary>
    public void Release()
    {
        foreach (Agent agent in agents)
        {
            connection.Tell(new BusRequest(agent.Owner, agent.Path, Name, "Release"));
        }
    }

    /// <summary>Shows the user a portal.</summary>
    /// <param name="service">The service behind it.</param>
    /// <param name="url">The page.</param>
    /// <param name="done">True if the user is through.</param>
    public void RequestBrowser(Service service, string url, Action<bool> done) =>
        Ask("RequestBrowser", service.Path, url, browserTimeout(), reply => done(!reply.IsError));

    /// <summary>Tells the user of an error.</summary>
    /// <param name="service">The service that failed.</param>
    /// <param name="error">ConnMan's word for it.</param>
    /// <param name="retry">Called if the user wants it tried again.</param>
    public void ReportError(Service service, string error, Action retry) =>
        Ask("ReportError", service.Path, error, TimeSpan.FromSeconds(120), reply =>
        {
            if (reply.ErrorName == Name + ".Error.Retry")
            {
                retry();
            }
        });

    /// <summary>True if somebody can be asked.</summary>
    public bool IsThere => agents.Count > 0;

    private void Ask(string member, string path, string text, TimeSpan timeout, BusReplyHandler handler)
    {
        if (agents.Count == 0)
        {
            return;
        }

        Agent agent = agents[0];
        BusRequest request = new(agent.Owner, agent.Path, Name, member)
        {
            Signature = "os",
            Timeout = timeout,
            Arguments = writer =>
            {
                writer.WriteObjectPath(path);
                writer.WriteString(text);
            },
        };
        if (!agent.Questions.TryEnqueue((request, handler)))
        {
            DroppedQuestions++;
        }

        Next(agent);
    }

    private void Next(Agent agent)
    {
        if (agent.IsAsked || !agent.Questions.TryDequeue(out (BusRequest Request, BusReplyHandler Handler) question))
        {
            return;
        }

        agent.IsAsked = true;
        connection.Call(question.Request, reply =>
        {
            agent.IsAsked = false;
            question.Handler(reply);
            Next(agent);
        });
    }

    private void Drop(Agent agent)
    {
        if (agents.Remove(agent))
        {
            agent.Watch?.Remove();
            while (agent.Questions.TryDequeue(out _))
            {
            }
        }
    }
}
