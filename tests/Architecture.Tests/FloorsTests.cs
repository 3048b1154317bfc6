using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Architecture;

public sealed class FloorsTests
{
    [Fact]
    public void Every_reference_goes_down()
    {
        Complaint.IfAny(FloorRules.Violations(Tree.Projects()));
    }

    [Fact]
    public void Every_floor_has_somebody_on_it()
    {
        HashSet<int?> floors = Tree.Projects().Select(project => FloorRules.FloorOf(project.Folder)).ToHashSet();
        Assert.Equal([0, 1, 2, 3, 4, 5], floors.Order());
    }

    [Fact]
    public void Unsafe_code_is_turned_on_for_the_kernel_floor_and_the_bus_binding_alone()
    {
        IEnumerable<string> unsafeRooms = Tree.Projects().Where(project => project.AllowsUnsafe).Select(project => project.Folder);
        Assert.Equal(["src/DBus", "src/Kernel"], unsafeRooms.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("src/Basics", "src/Kernel")] // up
    [InlineData("src/Loop", "src/Model")] // sideways
    [InlineData("src/Drivers", "src/DBus")] // sideways
    [InlineData("src/Drivers", "src/Drivers")] // itself
    [InlineData("src/Protocols/Dhcp", "src/Protocols/Arp")] // a protocol sees no other
    [InlineData("src/Protocols/Dhcp", "src/Kernel")] // down, but protocols see Basics alone
    [InlineData("src/Model", "src/Kernel")] // down, but the model sees Basics alone
    [InlineData("src/Daemon", "src/Programs/spindled")] // up
    [InlineData("src/Daemon", "tests/Basics.Tests")] // to no floor
    [InlineData("src/Attic", "src/Basics")] // from no floor
    public void A_wrong_reference_is_found(string from, string to)
    {
        Assert.Single(FloorRules.Violations([new Project(from, [to], false)]));
    }

    [Theory]
    [InlineData("src/Kernel", "src/Basics")]
    [InlineData("src/Loop", "src/Kernel")]
    [InlineData("src/Drivers", "src/Protocols/Dhcp")]
    [InlineData("src/Simulation", "src/Protocols/Rtnetlink")]
    [InlineData("src/Programs/spindled", "src/Basics")]
    public void A_reference_downward_is_left_alone(string from, string to)
    {
        Assert.Empty(FloorRules.Violations([new Project(from, [to], false)]));
    }
}
