using System;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>A network card of a machine: it stays in its cable while the machine is off, suspended, or boots, and the kernel's link for it
/// comes and goes with the kernel.</summary>
internal sealed class NetworkAdapter : IStation, ICable
{
    private static readonly TimeSpan NegotiationMax = TimeSpan.FromSeconds(3);

    private readonly SimulatedMachine machine;
    private readonly World.Choices choices;
    private ICable? cable;
    private SimulatedLink? link;
    private bool hasLine;
    private bool isNegotiating;

    public NetworkAdapter(SimulatedMachine machine, string name, MacAddress address)
    {
        this.machine = machine;
        choices = machine.Choices.Fork(name);
        Name = name;
        Address = address;
        machine.Booted += Begin;
        machine.PoweredOff += () => link = null;
        machine.Suspending += LoseLine;
        machine.Resumed += Negotiate;
        Begin();
    }

    /// <summary>What the kernel calls it when it boots.</summary>
    public string Name { get; }

    public MacAddress Address { get; }

    /// <summary>The kernel's link; null while the machine is off.</summary>
    public SimulatedLink? Link => link;

    /// <inheritdoc/>
    public bool HasCarrier => hasLine && !isNegotiating && link is not null;

    /// <summary>Puts it into a cable, instead of the one that it was in.</summary>
    /// <param name="plug">Plugs a station in and gives its cable.</param>
    public void PlugInto(Func<IStation, ICable> plug) => cable = plug(this);

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame) => cable?.Send(frame);

    /// <inheritdoc/>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        if (HasCarrier && !machine.IsSuspended)
        {
            link!.Receive(frame);
        }
    }

    /// <inheritdoc/>
    public void CarrierChanged(bool isUp)
    {
        hasLine = isUp;
        if (!machine.IsSuspended && !isNegotiating)
        {
            link?.CarrierChanged(HasCarrier);
        }
    }

    private void Begin()
    {
        isNegotiating = false;
        link = machine.Network.AddEthernet(Name, Address);
        link.Cable = this;
        link.CarrierChanged(HasCarrier);
    }

    private void LoseLine()
    {
        isNegotiating = true;
        link?.CarrierChanged(false);
    }

    // After a resume the two ends of the line find to each other again, which takes a while.
    private void Negotiate()
    {
        SimulatedLink? negotiating = link;
        machine.Monotonic.Set(machine.Monotonic.Now + choices.Between(TimeSpan.Zero, NegotiationMax), () =>
        {
            isNegotiating = machine.IsSuspended;
            if (negotiating == link)
            {
                link?.CarrierChanged(HasCarrier);
            }
        });
    }
}
