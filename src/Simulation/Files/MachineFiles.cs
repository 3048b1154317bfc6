using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Simulation.Objects;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Files;

/// <summary>What a machine finds in its file system when it has booted: its disk, and what the kernel makes.</summary>
internal sealed class MachineFiles
{
    private const ulong DiskDevice = 0xFE01;
    private const uint FolderMode = 0x1ED; // 0755
    private const long DiskCapacity = 8L << 30;

    private static readonly string[] DiskFolders = ["/etc", "/usr", "/usr/sbin", "/var", "/var/lib", "/var/log", "/proc", "/sys", "/dev", "/run", "/tmp"];

    private readonly SimulatedMachine machine;
    private readonly Choices choices;
    private ulong devices = DiskDevice;

    /// <summary>The files of a machine that was just born.</summary>
    public MachineFiles(SimulatedMachine machine)
    {
        this.machine = machine;
        choices = machine.Choices.Fork("files");
        Volume volume = new(DiskDevice, new Disk(() => machine.World.Now), DiskCapacity);
        MemoryNode root = new(volume, 1, NodeKind.Directory, FolderMode)
        {
            Disk = new DiskNode { Mode = FolderMode },
            ModifiedAt = machine.RealtimeNow,
        };
        Tree = new MemoryFileSystem(machine, root);
        foreach (string folder in DiskFolders)
        {
            Tree.MakeDirectory(folder, FolderMode);
        }

        volume.Disk!.Sync(root);
        Mount();
    }

    /// <summary>The files of a machine that boots from the disk of another life.</summary>
    public MachineFiles(SimulatedMachine machine, MachineFiles before)
    {
        this.machine = machine;
        choices = before.choices;
        Volume old = before.Tree.Root.Volume;
        Volume volume = new(DiskDevice, new Disk(() => machine.World.Now), old.Capacity);
        Tree = new MemoryFileSystem(machine, Read(before.Tree.Root, volume));
        Mount();
    }

    public MemoryFileSystem Tree { get; }

    // From what the disk has of a file: whatever was only in memory is not there.
    private static MemoryNode Read(MemoryNode old, Volume volume)
    {
        DiskNode disk = old.Disk!;
        MemoryNode node = new(volume, old.Number, old.Kind, disk.Mode)
        {
            Target = old.Target,
            ModifiedAt = disk.ModifiedAt,
            Disk = new DiskNode { Mode = disk.Mode, ModifiedAt = disk.ModifiedAt, Content = disk.Content },
        };
        node.Write(0, disk.Content);
        volume.Used += node.Length;
        foreach ((string name, MemoryNode child) in disk.Entries)
        {
            MemoryNode entry = Read(child, volume);
            entry.PutInto(node, name);
            node.Disk.Entries[name] = entry;
        }

        return node;
    }

    private void Mount()
    {
        MountMemory("/run");
        MountMemory("/tmp");
        MountMemory("/dev");
        MountMemory("/proc", isGenerated: true);
        MountMemory("/sys", isGenerated: true);
        AddDevices();
        AddProcesses();
        _ = new LinkFiles(Tree, machine.Network);
    }

    private void MountMemory(string path, bool isGenerated = false)
    {
        MemoryNode place = Tree.Find(path).Node!;
        MemoryNode root = new(new Volume(++devices, capacity: DiskCapacity) { IsGenerated = isGenerated }, 1, NodeKind.Directory, FolderMode)
        {
            ModifiedAt = machine.RealtimeNow,
        };
        root.PutInto(place.Parent!, place.Name);
    }

    private void AddDevices()
    {
        Tree.Generate("/dev/null", new GeneratedContent { Device = () => new PlainFile(machine, PlainFileKind.Null) });
        Tree.Generate("/dev/zero", new GeneratedContent { Device = () => new PlainFile(machine, PlainFileKind.Zero) });
        Tree.Generate("/dev/net/tun", new GeneratedContent { Device = () => new TunnelFile(machine) });
    }

    private void AddProcesses()
    {
        string bootId = new Guid(Octets()).ToString("D", CultureInfo.InvariantCulture);
        Dictionary<string, Func<string>> texts = new()
        {
            ["/proc/cmdline"] = () => "root=/dev/vda1 ro\n",
            ["/proc/sys/kernel/random/boot_id"] = () => bootId + "\n",
            ["/proc/sys/fs/inotify/max_queued_events"] = () => $"{NotificationQueue.WaitingMax}\n",
            ["/proc/sys/kernel/hostname"] = () => machine.HostName + "\n",
            ["/proc/sys/kernel/domainname"] = () => machine.DomainName + "\n",
        };
        foreach ((string path, Func<string> text) in texts)
        {
            Tree.Generate(path, new GeneratedContent { Read = text });
        }
    }

    private byte[] Octets()
    {
        byte[] octets = new byte[16];
        BitConverter.TryWriteBytes(octets, choices.NextUInt64());
        BitConverter.TryWriteBytes(octets.AsSpan(8), choices.NextUInt64());
        octets[7] = (byte)((octets[7] & 0x0F) | 0x40);
        octets[8] = (byte)((octets[8] & 0x3F) | 0x80);
        return octets;
    }
}
