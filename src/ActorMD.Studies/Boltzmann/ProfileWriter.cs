using System.Globalization;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Runs.Observables;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Writes profiles.csv: density, mean velocity and temperature of every cell and species at every sample.</summary>
/// <remarks>
/// time, species, one column x, y, z for the centre of the cell along each resolved axis, density (real particles per volume),
/// velocity_x, ..., temperature (about the species' own velocity in the cell); each observable is followed by its standard error over the
/// runs (empty with a single run).
/// </remarks>
internal sealed class ProfileWriter : IDisposable
{
    private readonly Gas _gas;
    private readonly DsmcGrid _grid;
    private readonly int[] _axes;
    private readonly StreamWriter _file;

    /// <param name="path">The file.</param>
    /// <param name="gas">Species and dimension.</param>
    /// <param name="grid">Cells.</param>
    /// <param name="length">Go on after so many bytes; null starts a new file.</param>
    public ProfileWriter(string path, Gas gas, DsmcGrid grid, long? length = null)
    {
        _gas = gas;
        _grid = grid;
        _axes = [.. Enumerable.Range(0, gas.Dimension).Where(axis => grid.Count(axis) > 1)];
        FileStream stream = new(path, length is null ? FileMode.Create : FileMode.Open, FileAccess.Write, FileShare.Read);
        _file = new StreamWriter(stream) { NewLine = "\n" };
        if (length is { } bytes)
        {
            stream.SetLength(bytes);
            stream.Position = bytes;
            return;
        }

        IEnumerable<string> velocities = Enumerable.Range(0, gas.Dimension).Select(axis => $"velocity_{"xyz"[axis]}");
        IEnumerable<string> observables = velocities.Prepend("density").Append("temperature")
            .SelectMany(name => (string[])[name, name + "_error"]);
        _file.WriteLine(
            string.Join(',', _axes.Select(axis => "xyz"[axis].ToString()).Prepend("species").Prepend("time").Concat(observables)));
    }

    /// <summary>Bytes written so far.</summary>
    public long Length
    {
        get
        {
            _file.Flush();
            return _file.BaseStream.Position;
        }
    }

    public void Append(double time, IReadOnlyList<DsmcMoments> runs)
    {
        for (int cell = 0; cell < _grid.CellCount; cell++)
        {
            for (int a = 0; a < _gas.Species.Length; a++)
            {
                int index = cell, species = a;
                List<string> fields = [Text(time), _gas.Species[a].Name, .. _axes.Select(axis => Text(Centre(index, axis, time)))];
                Add(fields, RunMean.Of(runs.Select(m => (double?)(m.Count(index, species) * m.Weight / _grid.CellVolumeAt(time)))));
                for (int axis = 0; axis < _gas.Dimension; axis++)
                {
                    int along = axis;
                    Add(fields, RunMean.Of(runs.Select(m => m.MeanVelocity(index, species)?[along])));
                }

                Add(fields, RunMean.Of(runs.Select(m => m.Temperature(index, species))));
                _file.WriteLine(string.Join(',', fields));
            }
        }

        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private double Centre(int cell, int axis, double time)
    {
        int index = axis switch
        {
            0 => cell % _grid.CountX,
            1 => cell / _grid.CountX % _grid.CountY,
            _ => cell / (_grid.CountX * _grid.CountY),
        };
        return _grid.OriginAt(axis, time) + (index + 0.5) * _grid.LengthAt(axis, time) / _grid.Count(axis);
    }

    private static void Add(List<string> fields, RunMean mean) => fields.AddRange([Text(mean.Value), Text(mean.Error)]);

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
