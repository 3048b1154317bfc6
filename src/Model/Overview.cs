namespace Spindle.Model;

/// <summary>The Manager's state and whether technologies are connected, computed from the services.</summary>
internal static class Overview
{
    /// <summary>Looks again, and tells what changed.</summary>
    public static void Update(ModelStore store)
    {
        bool isOnline = false, isConnected = false;
        foreach (Service service in store.Services)
        {
            isOnline |= service.State == ServiceState.Online;
            isConnected |= service.State.IsConnected();
        }

        if (store.Ethernet.IsConnected != isConnected)
        {
            store.Ethernet.IsConnected = isConnected;
            store.Tell(new ModelOutput.TechnologyConnected(store.Ethernet, isConnected));
        }

        string state = isOnline ? "online" : isConnected ? "ready" : store.IsOffline ? "offline" : "idle";
        if (state != store.State)
        {
            store.State = state;
            store.Tell(new ModelOutput.StateChanged(state));
        }
    }
}
