using System;
using System.Collections;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>Addresses of the machine, link by link, IPv4's first: to be walked through without a heap object.</summary>
internal readonly struct AddressList(List<SimulatedLink> links, SimulatedLink? only, IpFamily? family) : IEnumerable<InterfaceAddress>
{
    public Enumerator GetEnumerator() => new(links, only, family);

    IEnumerator<InterfaceAddress> IEnumerable<InterfaceAddress>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One walk. Addresses that come or go meanwhile are no error, links are not to.</summary>
    internal struct Enumerator(List<SimulatedLink> links, SimulatedLink? only, IpFamily? family) : IEnumerator<InterfaceAddress>
    {
        private int link = -1;
        private List<InterfaceAddress>? addresses;
        private int next;
        private bool isV6;

        public InterfaceAddress Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (addresses is null || next >= addresses.Count)
            {
                if (!NextList())
                {
                    return false;
                }
            }

            Current = addresses[next++];
            return true;
        }

        readonly object IEnumerator.Current => Current;

        readonly void IEnumerator.Reset() => throw new NotSupportedException();

        readonly void IDisposable.Dispose()
        {
        }

        // IPv6's list of the same link, or the next link's.
        private bool NextList()
        {
            next = 0;
            if (addresses is not null && !isV6 && family is null)
            {
                isV6 = true;
                addresses = links[link].Addresses6;
                return true;
            }

            do
            {
                link++;
            }
            while (link < links.Count && only is not null && links[link] != only);

            isV6 = family == IpFamily.V6;
            addresses = link >= links.Count ? null : isV6 ? links[link].Addresses6 : links[link].Addresses4;
            return addresses is not null;
        }
    }
}
