using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What the parts of the model share: the facts, and the queue of outputs.</summary>
/// <remarks>
/// Within one step, what is to be done comes out before what is to be told: nobody hears <c>ready</c> before the
/// address is on its way to the kernel.
/// </remarks>
internal sealed class ModelStore(ModelConfiguration rules)
{
    private readonly Queue<ModelOutput> outputs = new();
    private readonly Queue<ModelOutput> notices = new();

    public ModelConfiguration Rules { get; set; } = rules;

    public Instant Now { get; set; }

    public bool IsOffline { get; set; }

    public bool IsKernelKnown { get; set; }

    public string State { get; set; } = "idle";

    public Technology Ethernet { get; } = new("ethernet", "Wired");

    public Dictionary<int, Device> Devices { get; } = [];

    public List<Service> Services { get; } = [];

    public ImmutableArray<ProvisionedService> Provisioned { get; set; } = [];

    public ImmutableArray<string> Timeservers { get; set; } = [];

    public Service? Find(string ident)
    {
        foreach (Service service in Services)
        {
            if (service.Ident == ident)
            {
                return service;
            }
        }

        return null;
    }

    public Device? DeviceOf(int linkIndex) => Devices.GetValueOrDefault(linkIndex);

    public Service? ServiceOn(int linkIndex) => DeviceOf(linkIndex)?.Service;

    public void Do(ModelOutput output) => outputs.Enqueue(output);

    public void Tell(ModelOutput notice) => notices.Enqueue(notice);

    public void Changed(Service service, ServiceProperties what) =>
        Tell(new ModelOutput.ServiceChanged(service, what, service.State));

    public bool TryTake(out ModelOutput? output) => outputs.TryDequeue(out output) || notices.TryDequeue(out output);
}
