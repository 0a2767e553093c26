using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>
/// Reads a LAMMPS data file: the particles, their box, masses, type labels and velocities. Bonds and coefficients are passed over.
/// </summary>
internal sealed partial class LammpsDataReading(FrameReading reading)
{
    /// <summary>Begins the first line of our own files, which has keys for what the format has no place for.</summary>
    public const string OwnTitle = "ActorMD";

    private const double MassTolerance = 1e-12;

    // What a line of the section Atoms has, without the image flags that may follow.
    private static readonly Dictionary<string, string> Styles = new(StringComparer.Ordinal)
    {
        ["atomic"] = "id type x y z",
        ["charge"] = "id type q x y z",
        ["sphere"] = "id type diameter density x y z",
        ["dipole"] = "id type q x y z mux muy muz",
        ["bond"] = "id molecule type x y z",
        ["angle"] = "id molecule type x y z",
        ["molecular"] = "id molecule type x y z",
        ["full"] = "id molecule type q x y z",
        ["bpm/sphere"] = "id molecule type diameter density x y z",
    };

    private static readonly string[] OtherSections =
    [
        "Bonds", "Angles", "Dihedrals", "Impropers", "Ellipsoids", "Lines", "Triangles", "Bodies", "Bond Type Labels", "Angle Type Labels",
        "Dihedral Type Labels", "Improper Type Labels",
    ];

    private readonly List<(string[] Fields, int Line)> _atoms = [];
    private readonly Dictionary<long, string[]> _velocities = [];
    private readonly Dictionary<int, double> _masses = [];
    private readonly Dictionary<int, double> _ownMasses = [];
    private readonly Dictionary<int, string> _labels = [];
    private readonly HashSet<string> _sections = [];
    private readonly double[] _low = new double[3];
    private readonly double[] _high = new double[3];
    private readonly bool[] _hasBounds = new bool[3];
    private FrameHeader _own = new();
    private Boundary[] _sides = [Boundary.Periodic, Boundary.Periodic, Boundary.Periodic];
    private int? _count;
    private int? _typeCount;
    private string? _style;

    /// <summary>The frame; null after a fault.</summary>
    public ParticleFrame? Read()
    {
        if (reading.Take() is not { } title)
        {
            return null;
        }

        ReadTitle(title);
        while (reading.Faults.Count == 0 && Next() is { } line)
        {
            if (!ReadHeaderLine(line) && reading.Faults.Count == 0)
            {
                ReadSection(line);
            }
        }

        return reading.Faults.Count == 0 ? Build() : null;
    }

    // The next line that is not empty.
    private string? Next()
    {
        while (reading.Take() is { } line)
        {
            if (Words(line).Length > 0)
            {
                return line;
            }
        }

        return null;
    }

    private static string[] Words(string line) =>
        (line.IndexOf('#') is >= 0 and var comment ? line[..comment] : line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private void ReadTitle(string title)
    {
        if (!title.StartsWith(OwnTitle + " ", StringComparison.Ordinal))
        {
            return;
        }

        foreach ((string key, string value) in ExtXyzKeys.Parse(title, out _) ?? [])
        {
            bool isGood = true;
            switch (key)
            {
                case "Dimension":
                    isGood = value is "2" or "3";
                    _own = _own with { Dimension = value == "2" ? 2 : 3 };
                    break;
                case "Boundary":
                    Boundary?[] sides = [.. value.Split(' ').Select(BoundaryWords.Parse)];
                    isGood = sides.Length is 2 or 3 && !sides.Contains(null);
                    _sides = isGood ? [.. sides.Select(side => side!.Value), Boundary.Periodic] : _sides;
                    break;
                case "Time":
                    isGood = FileNumber.TryParse(value, out double time, out _);
                    _own = _own with { Time = time };
                    break;
                case "Timestep":
                    isGood = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long step);
                    _own = _own with { Step = step };
                    break;
                case "Masses":
                    foreach (string item in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        string[] pair = item.Split(':');
                        isGood &= pair.Length == 2 && SpeciesTable.NumberOf(pair[0]) is int type
                            && FileNumber.TryParsePositive(pair[1], out double mass, out _) && _ownMasses.TryAdd(type, mass);
                    }

                    break;
            }

            if (!isGood)
            {
                reading.Fault(
                    key, $"'{FrameReading.Shorten(value)}' is no value of the title's key '{key}'", "restore the title, or remove it");
            }
        }
    }

    private bool ReadHeaderLine(string line)
    {
        string[] words = Words(line);
        switch (words)
        {
            case [var number, "atoms"]:
                _count = HeaderCount(number, _count, "atoms", 1);
                return true;
            case [var number, "atom", "types"]:
                _typeCount = HeaderCount(number, _typeCount, "atom types", 1);
                return true;
            case [var low, var high, "xlo" or "ylo" or "zlo", "xhi" or "yhi" or "zhi"] when words[2][0] == words[3][0]:
                int axis = words[2][0] - 'x';
                if (_hasBounds[axis] || !LammpsBox.TryParse(low, high, out _low[axis], out _high[axis]))
                {
                    reading.Fault(
                        words[2], $"'{FrameReading.Shorten(line)}' are not the two bounds of an axis",
                        "give two finite numbers once, the lower one first");
                }

                _hasBounds[axis] = true;
                return true;
            case [.., "xy", "xz", "yz"]:
                if (words.Length != 6 || words[..3].Any(word => !FileNumber.TryParse(word, out double tilt, out _) || tilt != 0))
                {
                    reading.Fault("xy xz yz", "the box is not rectangular", "give a rectangular box");
                }

                return true;
            case [.., "avec" or "bvec" or "cvec" or "origin"]:
                reading.Fault(words[^1], "the box is general triclinic", "give a rectangular box");
                return true;
            case [var number, ..] when char.IsAsciiDigit(number[0]) && words.Length > 1 && char.IsAsciiLetter(words[1][0])
                && _atoms.Count == 0:
                return true; // bonds, angles, extra room
            default:
                return false;
        }
    }

    private int? HeaderCount(string text, int? before, string what, int min)
    {
        if (before is null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min)
        {
            return number;
        }

        reading.Fault(
            what, $"'{FrameReading.Shorten(text)}' is not the number of {what}, or the second one", "give a whole number, 1 or more, once");
        return before;
    }

    private void ReadSection(string line)
    {
        string name = string.Join(' ', Words(line));
        bool isOurs = name is "Atoms" or "Velocities" or "Masses" or "Atom Type Labels";
        if (!isOurs && !IsOther(name))
        {
            reading.Fault(
                null, $"'{FrameReading.Shorten(line.Trim())}' stands where a header line or a section should",
                "known are the lines and sections of LAMMPS's read_data");
            return;
        }

        if (!_sections.Add(name))
        {
            reading.Fault(name, $"the section '{name}' stands twice", "keep one of them");
            return;
        }

        if (!isOurs)
        {
            while (reading.Peek() is { } next && !IsSection(next))
            {
                reading.Take();
            }

            return;
        }

        if (_count is not int count || _typeCount is not int typeCount)
        {
            reading.Fault(
                name, "the numbers of atoms and of atom types are missing", "give lines 'N atoms' and 'M atom types' above the sections");
            return;
        }

        if (name == "Atoms")
        {
            _style = line.IndexOf('#') is >= 0 and var comment ? line[(comment + 1)..].Trim() : null;
        }

        int rows = name is "Atoms" or "Velocities" ? count : typeCount;
        for (int i = 0; i < rows && reading.Faults.Count == 0; i++)
        {
            if (Next() is not { } row)
            {
                reading.FaultAtEnd(Invariant($"line {i + 1} of {rows} of the section {name}"));
                return;
            }

            ReadRow(name, Words(row));
        }
    }

    private static bool IsOther(string name) => name.EndsWith(" Coeffs", StringComparison.Ordinal) || OtherSections.Contains(name);

    private static bool IsSection(string line) => string.Join(' ', Words(line)) is var name
        && (name is "Atoms" or "Velocities" or "Masses" or "Atom Type Labels" || IsOther(name));

    private void ReadRow(string section, string[] words)
    {
        bool isGood = true;
        switch (section)
        {
            case "Atoms":
                _atoms.Add((words, reading.Line));
                break;
            case "Velocities":
                isGood = words.Length is 4 or 7 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
                    && _velocities.TryAdd(id, words[1..4]);
                break;
            case "Masses":
                isGood = words.Length == 2 && TypeOf(words[0]) is int type && FileNumber.TryParsePositive(words[1], out double mass, out _)
                    && _masses.TryAdd(type, mass);
                break;
            default:
                isGood = words.Length == 2 && SpeciesTable.NumberOf(words[0]) is int number && number <= _typeCount
                    && !_labels.ContainsValue(words[1]) && _labels.TryAdd(number, words[1]);
                break;
        }

        if (!isGood)
        {
            reading.Fault(
                section, $"'{FrameReading.Shorten(string.Join(' ', words))}' is no line of the section {section}, or the second one",
                section switch
                {
                    "Velocities" => "give id vx vy vz, and wx wy wz for spheres, once for each atom",
                    "Masses" => "give type and mass, once for each type",
                    _ => "give type number and label, once for each type",
                });
        }
    }

    private int? TypeOf(string word)
    {
        int? number = SpeciesTable.NumberOf(word);
        foreach ((int type, string label) in _labels)
        {
            if (label == word)
            {
                number = type;
            }
        }

        return number <= _typeCount ? number : null;
    }
}
