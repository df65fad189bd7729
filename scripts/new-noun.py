#!/usr/bin/env python3
"""Writes the part of a .proto that every kind of record has in common: its head and its seven standard methods.

  scripts/new-noun.py KIND CODE "What one is" [--tenant] [--plural PLURAL] > proto/punos/v1/KIND.proto

KIND is singular, lower snake case ("committee_member"); CODE is its number in the store, used by no other kind.
Records lie in accounts, or with --tenant beside them. Fill in the fields, then: one line in Nouns.swift, one in
RecordSections.swift, its rules (a NounRules), its commands (a CLINoun), and its words in both languages.
"""
import argparse
import re


def camel(snake):
    return "".join(part.capitalize() for part in snake.split("_"))


def article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


HEAD = '''// {Words}: {what}.
syntax = "proto3";

package punos.v1;

import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "punos/options/v1/options.proto";
import "punos/v1/common.proto";

// {What}.
message {Noun} {{
  option (punos.options.v1.record) = {{
    kind: "{kind}"
    code: {code}
    collection: "{collection}"
    scope: SCOPE_{SCOPE}
    title: "title"
    indexes: [
      {{name: "external_id", fields: ["external_ids.system", "external_ids.id"], kind: INDEX_KIND_UNIQUE}}
    ]
  }};

  // The resource name, {shape}.
  string name = 1 [(punos.options.v1.field) = {{output_only: true}}];
  // Changes with every change of the record; send it back to refuse a write on top of a version not seen.
  string etag = 2 [(punos.options.v1.field) = {{output_only: true}}];
  // The tenant's revision that last changed the record.
  int64 revision = 3 [(punos.options.v1.field) = {{output_only: true}}];
  // When the record was created.
  google.protobuf.Timestamp create_time = 4 [(punos.options.v1.field) = {{output_only: true}}];
  // When the record was last changed.
  google.protobuf.Timestamp update_time = 5 [(punos.options.v1.field) = {{output_only: true}}];
  // When the record was deleted; it can be undeleted until it is purged.
  google.protobuf.Timestamp delete_time = 6 [(punos.options.v1.field) = {{output_only: true}}];

  // What people call it.
  string title = 7 [(punos.options.v1.field) = {{
    required: true
    length: {{max: 200}}
    column: true
    search: {{weight: 4}}
  }}];
  // Ids in other systems.
  repeated ExternalId external_ids = 8 [(punos.options.v1.field) = {{items: {{max: 20}}}}];
}}

// Standard methods on {words}.
service {Noun}Service {{
  // Reads {one}.
  rpc Get{Noun}(Get{Noun}Request) returns ({Noun});
  // Lists {words}, filtered, ordered, a page at a time.
  rpc List{Nouns}(List{Nouns}Request) returns (List{Nouns}Response);
  // Creates {one}.
  rpc Create{Noun}(Create{Noun}Request) returns ({Noun});
  // Changes the fields of {one} that the mask names.
  rpc Update{Noun}(Update{Noun}Request) returns ({Noun});
  // Deletes {one}; it can be undeleted.
  rpc Delete{Noun}(Delete{Noun}Request) returns ({Noun});
  // Brings a deleted {word} back.
  rpc Undelete{Noun}(Undelete{Noun}Request) returns ({Noun});
  // Creates or changes up to 1,000 {words}, found by their external ids; each succeeds or fails by itself.
  rpc BatchUpsert{Nouns}(BatchUpsert{Nouns}Request) returns (BatchUpsert{Nouns}Response);
}}

// Asks for {one}.
message Get{Noun}Request {{
  // The resource name, {shape}.
  string name = 1 [(punos.options.v1.field) = {{
    required: true
    refers_to: ["{kind}"]
  }}];
  // The fields wanted; all where not set.
  google.protobuf.FieldMask read_mask = 2;
  // As the record was then, instead of now.
  oneof as_of {{
    // At a moment.
    google.protobuf.Timestamp as_of_time = 3;
    // At a revision of the tenant.
    int64 as_of_revision = 4;
  }}
}}

// Asks for a page of {words}.
message List{Nouns}Request {{
  // How many at most, 1 to 1,000; 50 where not set.
  int32 page_size = 1 [(punos.options.v1.field) = {{range: {{
    min: 0
    max: 1000
  }}}}];
  // Where the page before ended, as its answer said.
  string page_token = 2;
  // Which ones: comparisons of fields, joined by AND, OR, NOT and parentheses; docs/api.md has the grammar.
  string filter = 3 [(punos.options.v1.field) = {{length: {{max: 4000}}}}];
  // Order: a field that is kept as a column, with " desc" for descending.
  string order_by = 4 [(punos.options.v1.field) = {{length: {{max: 200}}}}];
  // The fields wanted; all where not set.
  google.protobuf.FieldMask read_mask = 5;
  // Whether deleted ones are shown too.
  bool show_deleted = 6;{list_parent}
}}

// A page of {words}.
message List{Nouns}Response {{
  // The page.
  repeated {Noun} {collection_field} = 1;
  // Where the next page begins; empty on the last page.
  string next_page_token = 2;
  // How many match in all, where it could be counted cheaply.
  optional int64 total_size = 3;
}}

// Asks to create {one}.
message Create{Noun}Request {{
  // The {word}.
  {Noun} {kind} = 1 [(punos.options.v1.field) = {{required: true}}];
  // An id of the client's choice; a sortable one is made where not set.
  string {kind}_id = 2 [(punos.options.v1.field) = {{format: FORMAT_RESOURCE_ID}}];
{write}{create_parent}
}}

// Asks to change {one}.
message Update{Noun}Request {{
  // The {word}, with its name; its etag, where set, must be the current one.
  {Noun} {kind} = 1 [(punos.options.v1.field) = {{required: true}}];
  // The fields to change; all that are set where there is no mask.
  google.protobuf.FieldMask update_mask = 2;
{write}
}}

// Asks to delete {one}.
message Delete{Noun}Request {{
  // The resource name, {shape}.
  string name = 1 [(punos.options.v1.field) = {{
    required: true
    refers_to: ["{kind}"]
  }}];
  // Where set, must be the current one.
  string etag = 2;
{write}
}}

// Asks to bring {one} back.
message Undelete{Noun}Request {{
  // The resource name, {shape}.
  string name = 1 [(punos.options.v1.field) = {{
    required: true
    refers_to: ["{kind}"]
  }}];
  // Where set, must be the current one.
  string etag = 2;
{write}
}}

// Asks to create or change many {words}.
message BatchUpsert{Nouns}Request {{
  // The {words}, {batch_names}; in order.
  repeated {Noun} {collection_field} = 1 [(punos.options.v1.field) = {{items: {{
    min: 1
    max: 1000
  }}}}];
  // The fields to replace in ones that exist. Where there is no mask, fields that are set replace, and lists are
  // united: what another system said stays.
  google.protobuf.FieldMask update_mask = 2;
{write}
  // Where no external id is known yet: find {words} by what identifies them; exactly one must fit.
  bool match_by_identity = 6;{batch_parent}
  // How those are taken that are not there yet: as new, or as an export of Punos tells them.
  NewRecords new_records = 8 [(punos.options.v1.field) = {{known_enum: true}}];
}}

// What became of each of many {words}.
message BatchUpsert{Nouns}Response {{
  // A result for each, in the request's order.
  repeated UpsertResult results = 1;
}}
'''

WRITE = '''  // Makes a repeat of the request have one effect and the same answer.
  string request_id = 3 [(punos.options.v1.field) = {length: {max: 100}}];
  // Why, for the history.
  string reason = 4 [(punos.options.v1.field) = {length: {max: 500}}];
  // Check only; change nothing.
  bool validate_only = 5;'''

PARENT = '''
  // The account {role}.
  string parent = {number} [(punos.options.v1.field) = {{{rule}}}];'''


def parent(role, number, required):
    rule = "\n    required: true\n    refers_to: [\"account\"]\n  " if required else "refers_to: [\"account\"]"
    return PARENT.format(role=role, number=number, rule=rule)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind")
    parser.add_argument("code", type=int)
    parser.add_argument("what")
    parser.add_argument("--tenant", action="store_true")
    parser.add_argument("--plural")
    options = parser.parse_args()
    kind, plural = options.kind, options.plural or options.kind + "s"
    collection = re.sub(r"_(.)", lambda found: found.group(1).upper(), plural)
    word, words = kind.replace("_", " "), plural.replace("_", " ")
    inside = not options.tenant
    shape = ("accounts/{account}/" if inside else "") + collection + "/{" + kind + "}"
    print(HEAD.format(
        Noun=camel(kind), Nouns=camel(plural), kind=kind, code=options.code, collection=collection,
        collection_field=plural, SCOPE="ACCOUNT" if inside else "TENANT", shape=shape, word=word, words=words,
        Words=words.capitalize(), one=article(word), what=options.what[0].lower() + options.what[1:],
        What=options.what, write=WRITE,
        batch_names="each with a name (accounts/{account}/" + collection + "/-: found by its external id, or made) or in "
        "the\n  // account that the request names" if inside else "each with a name or at least one external id",
        list_parent=parent("whose " + words + " are wanted, accounts/{account}; accounts/- for all of them", 7, True)
        if inside else "",
        create_parent=parent("that it is to lie in, accounts/{account}", 6, True) if inside else "",
        batch_parent=parent("that " + words + " without a name lie in, accounts/{account}", 7, False)
        if inside else ""), end="")


if __name__ == "__main__":
    main()
