using System;
using System.Collections.Generic;
using Spindle.DBus;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>How bus objects reach the model: they read it, hand in what users ask for, and are told the answers.</summary>
/// <param name="model">The model; read only.</param>
/// <param name="submit">Hands an input to the model and carries out what comes of it.</param>
internal sealed class ModelDoor(NetworkModel model, Action<ModelInput> submit)
{
    private readonly Dictionary<int, BusCall> waiting = [];
    private int lastTicket;

    public NetworkModel Model => model;

    /// <summary>Hands in something that needs no answer.</summary>
    public void Submit(ModelInput input) => submit(input);

    /// <summary>Keeps a call until the model answers it.</summary>
    public void Ask(BusCall call, Func<int, ModelInput> input)
    {
        if (call.TryDefer())
        {
            int ticket = ++lastTicket;
            waiting.Add(ticket, call);
            submit(input(ticket));
        }
    }

    /// <summary>The model's answer.</summary>
    public void Answer(int ticket, ModelError error)
    {
        if (waiting.Remove(ticket, out BusCall? call))
        {
            call.Finish(error);
        }
    }
}
