using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorMD.Cli.Starters;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Files.Yaml;
using Spectre.Console;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd init NAME</c>.</summary>
internal sealed partial class InitCommand : CommandWithExamples
{
    private const int SpeciesMax = 26;
    private const int DimensionsDefault = 3, SpeciesDefault = 2, ParticlesDefault = 4000;
    private const double PackingDefault = 0.1;

    private readonly Argument<string> _name = PathArgument.Create("NAME", "Of the case; NAME.yaml is written.");

    private readonly Option<string?> _like =
        new("--like") { Description = "Begin with this example instead; 'actormd run' lists them.", HelpName = "EXAMPLE" };

    private readonly Option<string?> _dimensions = Number("--dimensions", "3: spheres, 2: disks. Default: 3.", "2|3");
    private readonly Option<string?> _species = Number("--species", "How many kinds of particles. Default: 2.", "K");
    private readonly Option<string?> _particles = Number("--particles", "How many particles. Default: 4000.", "N");
    private readonly Option<string?> _packing = Number("--packing", "Share of the box that the particles fill. Default: 0.1.", "SHARE");

    private readonly Option<bool> _force = OutputFile.ForceOption();

    public InitCommand()
        : base("init", "Writes a case with a comment on every key to start from. On a terminal it asks for what no option says.")
    {
        _like.CompletionSources.Add([.. BuiltInCases.Names]);
        Arguments.Add(_name);
        Options.Add(_like);
        Options.Add(_dimensions);
        Options.Add(_species);
        Options.Add(_particles);
        Options.Add(_packing);
        Options.Add(_force);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd init mygas",
        "actormd init argon --dimensions 3 --species 1 --particles 10000 --packing 0.3",
        "actormd init mymixture --like mixture",
    ];

    private int Run(ParseResult parsed)
    {
        string name = Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(_name));
        string path = Path.ChangeExtension(parsed.GetRequiredValue(_name), ".yaml");
        if (!NamePattern().IsMatch(name))
        {
            throw Fault("NAME", $"'{name}' is no name for a case", "use letters, digits, '_', '-', '+' and '.'");
        }

        if (File.Exists(path) && !parsed.GetValue(_force))
        {
            throw Fault(path, "the file already exists", "choose another name, or overwrite it with --force");
        }

        string text = parsed.GetValue(_like) is { } example ? Copy(example, name) : Wishes(parsed, name).ToYaml();
        return OutputFile.Write(() =>
        {
            WholeFile.Write(path, text);
            Console.Out.WriteLine($"Wrote {path}; run it with 'actormd run {path} --report'.");
        });
    }

    private static string Copy(string example, string name) => BuiltInCases.Names.Contains(example)
        ? NameLine().Replace(BuiltInCases.Text(example), $"name: {name}", 1)
        : throw Fault("--like", $"there is no example '{example}'", Suggestion.Remedy(example, [.. BuiltInCases.Names]));

    private CaseWishes Wishes(ParseResult parsed, string name)
    {
        Option<string?>[] all = [_dimensions, _species, _particles, _packing];
        bool asks = !Console.IsInputRedirected && !Console.IsErrorRedirected && all.All(option => parsed.GetValue(option) is null);
        int dimensions = Whole(parsed, _dimensions, asks, "Dimensions (3: spheres, 2: disks)", DimensionsDefault, 2, 3);
        int species = Whole(parsed, _species, asks, "Kinds of particles", SpeciesDefault, 1, SpeciesMax);
        int particles = Whole(parsed, _particles, asks, "Particles", ParticlesDefault, 2 * species, int.MaxValue);
        double most = CaseWishes.PackingMax(dimensions);
        double packing = asks ? Ask("Share of the box that they fill", PackingDefault)
            : parsed.GetValue(_packing) is { } text ? Quantities.Number(_packing.Name, text)
            : PackingDefault;
        return packing > 0 && packing <= most
            ? new CaseWishes(name, dimensions, species, particles, packing)
            : throw Fault(_packing.Name, FormattableString.Invariant($"{packing} is no share that can be filled"),
                FormattableString.Invariant($"give a number above 0, up to {most}"));
    }

    private static int Whole(ParseResult parsed, Option<string?> option, bool asks, string question, int usual, int least, int most)
    {
        int value = asks ? Ask(question, usual) : parsed.GetValue(option) is { } text ? Quantities.Whole(option.Name, text) : usual;
        return value >= least && value <= most
            ? value
            : throw Fault(option.Name, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range"),
                string.Create(CultureInfo.InvariantCulture, $"give {least} to {most}"));
    }

    private static T Ask<T>(string question, T usual)
    {
        TextPrompt<T> prompt = new(question) { Culture = CultureInfo.InvariantCulture };
        return StandardError.Console.Prompt(prompt.DefaultValue(usual));
    }

    private static Option<string?> Number(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static InputFaultException Fault(string source, string problem, string remedy) =>
        new(new InputFault(source, null, null, problem, remedy));

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_+.-]*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^name: .*$", RegexOptions.Multiline)]
    private static partial Regex NameLine();
}
