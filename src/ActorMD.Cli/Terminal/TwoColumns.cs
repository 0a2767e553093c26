using Spectre.Console;

namespace ActorMD.Cli;

/// <summary>Names on the left, values on the right.</summary>
internal static class TwoColumns
{
    public static Grid Create() => new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();

    public static void Add(this Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));
}
