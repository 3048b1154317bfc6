using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>Who hears which signals; the bus is asked for them anew after each time it came back.</summary>
internal sealed class SignalSubscriptions
{
    /// <summary>The most values in a signal that we hear; a longer one is dropped.</summary>
    public const int ValueCountMax = 1_000_000;

    private readonly BusConnection connection;
    private readonly List<BusSubscription> subscriptions = [];

    public SignalSubscriptions(BusConnection connection)
    {
        this.connection = connection;
        connection.StateChanged += OnState;
    }

    public BusSubscription Add(BusMatch match, Action<BusReceivedSignal> handler)
    {
        BusSubscription subscription = new(this, match, handler);
        subscriptions.Add(subscription);
        if (connection.IsConnected)
        {
            Tell("AddMatch", subscription);
        }

        return subscription;
    }

    public void Remove(BusSubscription subscription)
    {
        if (subscriptions.Remove(subscription) && connection.IsConnected)
        {
            Tell("RemoveMatch", subscription);
        }
    }

    /// <summary>Hands a signal to all who want it. False: its body cannot be read.</summary>
    public bool TryHear(in BusMessageView message)
    {
        if (subscriptions.Count == 0)
        {
            return true;
        }

        if (!message.TryReadBody(ValueCountMax, out BusValue[] values))
        {
            return false;
        }

        BusReceivedSignal signal = new(
            BusText.Read(message.Sender), BusText.Read(message.Path), BusText.Read(message.Interface),
            BusText.Read(message.Member), values);
        foreach (BusSubscription subscription in subscriptions.ToArray())
        {
            if (subscription.IsActive && subscription.Match.Fits(signal))
            {
                subscription.Handler(signal);
            }
        }

        return true;
    }

    private void OnState(BusConnectionState state)
    {
        if (state == BusConnectionState.Connected)
        {
            foreach (BusSubscription subscription in subscriptions)
            {
                Tell("AddMatch", subscription);
            }
        }
    }

    // Nobody could do anything about an error, so no answer is wanted.
    private void Tell(string member, BusSubscription subscription) => connection.Tell(
        BusConnection.OfBus(member, "s", writer => writer.WriteString(subscription.Match.ToRule())));
}
