using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What is to be done with what a message says of an object.</summary>
internal enum MirrorVerdict
{
    /// <summary>Nothing: a notification knows better, or there is no room.</summary>
    Ignored,

    /// <summary>It is new: store it.</summary>
    Appeared,

    /// <summary>It was there: compare it.</summary>
    Known,
}

/// <summary>One mirrored table, by key, with the stamps of <see cref="DumpStamps"/>.</summary>
internal sealed class MirrorMap<TKey, TValue>(RtnetlinkTables table, MirrorContext context, int countMax)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> entries = [];
    private readonly List<TKey> swept = [];
    private int deadCount;

    internal struct Entry
    {
        public TValue Value;
        public uint Stamp;
    }

    /// <summary>Objects that are there.</summary>
    public int Count => entries.Count - deadCount;

    /// <summary>The objects that are there.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            foreach (Entry entry in entries.Values)
            {
                if (!DumpStamps.IsDead(entry.Stamp))
                {
                    yield return entry.Value;
                }
            }
        }
    }

    /// <summary>The object with this key.</summary>
    public bool TryGet(in TKey key, out TValue value)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(entries, key);
        bool isThere = !Unsafe.IsNullRef(ref entry) && !DumpStamps.IsDead(entry.Stamp);
        value = isThere ? entry.Value : default!;
        return isThere;
    }

    /// <summary>A message says that the object is there.</summary>
    /// <returns>Where its value is; nowhere if the verdict is to ignore it.</returns>
    public ref TValue See(in TKey key, bool inDump, out MirrorVerdict verdict)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out bool exists);
        if (!exists && entries.Count > countMax)
        {
            entries.Remove(key);
            context.Counters.Untracked++;
            verdict = MirrorVerdict.Ignored;
            return ref Unsafe.NullRef<TValue>();
        }

        if (inDump && exists && context.Stamps.IsNotified(table, entry.Stamp))
        {
            verdict = MirrorVerdict.Ignored;
            return ref Unsafe.NullRef<TValue>();
        }

        bool wasDead = exists && DumpStamps.IsDead(entry.Stamp);
        deadCount -= wasDead ? 1 : 0;
        entry.Stamp = context.Stamps.Seen(table, inDump);
        verdict = exists && !wasDead ? MirrorVerdict.Known : MirrorVerdict.Appeared;
        return ref entry.Value;
    }

    /// <summary>A notification says that the object is gone; false if it was not there.</summary>
    public bool TryRemove(in TKey key, out TValue value)
    {
        bool wasThere = TryGet(key, out value);
        if (context.Stamps.Dumping != table)
        {
            // A dead entry that an interrupted dump left behind goes as well.
            deadCount -= entries.Remove(key) && !wasThere ? 1 : 0;
            Trim();
            return wasThere;
        }

        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out bool exists);
        deadCount += exists && !wasThere ? 0 : 1;
        entry = new Entry { Value = default!, Stamp = context.Stamps.Removed(table) };
        return wasThere;
    }

    /// <summary>The dump has ended well: what it has not seen is gone.</summary>
    public void BeginSweep()
    {
        foreach ((TKey key, Entry entry) in entries)
        {
            if (DumpStamps.IsDead(entry.Stamp) || !context.Stamps.IsCurrent(table, entry.Stamp))
            {
                swept.Add(key);
            }
        }
    }

    /// <summary>Takes the next object out that is gone; false when there are no more.</summary>
    public bool TrySweep(out TValue value)
    {
        while (swept.Count > 0)
        {
            TKey key = swept[^1];
            swept.RemoveAt(swept.Count - 1);
            entries.Remove(key, out Entry entry);
            value = entry.Value;
            if (!DumpStamps.IsDead(entry.Stamp))
            {
                return true;
            }

            deadCount--;
        }

        Trim();
        value = default!;
        return false;
    }

    /// <summary>Gives memory back once most of it is unused.</summary>
    private void Trim()
    {
        const int CapacityMin = 64;
        if (entries.Capacity > CapacityMin && entries.Count < entries.Capacity / 8)
        {
            entries.TrimExcess(entries.Count * 2);
        }
    }
}
