using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sepal.Cli.Tables;

/// <summary>What a verb found: tables and sentences for people, and one object for programs.</summary>
/// <param name="Tables">The tables; the first is the one that CSV holds.</param>
/// <param name="Notes">Sentences below the tables, a paragraph each.</param>
/// <param name="Json">Makes the object.</param>
internal sealed record Report(ImmutableArray<Table> Tables, ImmutableArray<string> Notes, Func<string> Json)
{
    /// <summary>Makes a report about a value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">What the JSON holds.</param>
    /// <param name="json">How it is serialised, from a source-generated context.</param>
    /// <param name="tables">The tables; the first is the one that CSV holds.</param>
    /// <param name="notes">Sentences below the tables, a paragraph each.</param>
    /// <returns>The report.</returns>
    public static Report Of<T>(T value, JsonTypeInfo<T> json, ImmutableArray<Table> tables, ImmutableArray<string> notes) =>
        new(tables, notes, () => JsonSerializer.Serialize(value, json));
}
