using System;

namespace Spindle.DBus;

/// <summary>Follows who owns a name on the bus.</summary>
public sealed class BusNameWatch
{
    private readonly BusConnection connection;
    private readonly Action<string?> handler;
    private readonly BusSubscription subscription;
    private bool isKnown;

    internal BusNameWatch(BusConnection connection, string name, Action<string?> handler)
    {
        if (!BusNames.IsBusName(name))
        {
            throw new ArgumentException($"'{name}' is not a name on the bus.", nameof(name));
        }

        this.connection = connection;
        this.handler = handler;
        Name = name;
        BusMatch match = new()
        {
            Sender = BusConnection.BusName,
            Interface = BusConnection.BusName,
            Member = "NameOwnerChanged",
            Argument0 = name,
        };
        subscription = connection.Subscribe(match, OnChanged);
        connection.StateChanged += OnState;
        if (connection.IsConnected)
        {
            AskOwner();
        }
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The owner's unique name; null = nobody, or not known yet.</summary>
    public string? Owner { get; private set; }

    /// <summary>Ends it; the handler is not called any more.</summary>
    public void Remove()
    {
        if (subscription.IsActive)
        {
            subscription.Remove();
            connection.StateChanged -= OnState;
        }
    }

    // The match was asked for before, and the bus answers in order: no change is missed between the two.
    private void AskOwner() => connection.Call(
        BusConnection.OfBus("GetNameOwner", "s", writer => writer.WriteString(Name)),
        reply => Learn(!reply.IsError && reply.Values is [BusValue first] && first.TryGetString(out string? owner) ? owner : null));

    private void OnState(BusConnectionState state)
    {
        switch (state)
        {
            case BusConnectionState.Connected:
                AskOwner();
                break;
            case BusConnectionState.Waiting or BusConnectionState.Stopped:
                Learn(null);
                break;
            case BusConnectionState.Connecting or BusConnectionState.NameOwned:
                break;
        }
    }

    private void OnChanged(BusReceivedSignal signal)
    {
        if (signal.Values is [_, _, BusValue last] && last.TryGetString(out string? owner))
        {
            Learn(owner.Length > 0 ? owner : null);
        }
    }

    private void Learn(string? owner)
    {
        if (subscription.IsActive && (!isKnown || owner != Owner))
        {
            isKnown = true;
            Owner = owner;
            if (owner is null && BusNames.IsUnique(Name))
            {
                Remove();
            }

            handler(owner);
        }
    }
}
