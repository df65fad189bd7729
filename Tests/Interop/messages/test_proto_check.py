"""Every rule of scripts/proto-check.py finds what it is there to find, and lets a good schema pass."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
GOOD = '''// A file.
syntax = "proto3";

package punos.v1;

import "punos/options/v1/options.proto";

// A service.
service ThingService {
  // Gets one.
  rpc GetThing(GetThingRequest) returns (Thing);
  // Does something.
  rpc MoveThing(MoveThingRequest) returns (stream MoveThingResponse);
}

// A request.
message GetThingRequest {
  // A name.
  string name = 1;
}

// A request.
message MoveThingRequest {
}

// An answer.
message MoveThingResponse {
}

// A thing.
message Thing {
  option (punos.options.v1.record) = {
    kind: "thing" code: 1 collection: "things" scope: SCOPE_TENANT title: "name"
    indexes: [{name: "part", fields: ["parts.id"]}]
  };
  // A size.
  enum Size {
    // Not said.
    SIZE_UNSPECIFIED = 0;
    // Big.
    SIZE_BIG = 1;
  }
  // A name.
  string name = 1;
  // A size.
  Size size = 2;
  // Parts.
  repeated Part parts = 3;
  // One of them.
  oneof choice {
    // A text.
    string text = 4;
  }
  // Labels.
  map<string, string> labels = 5;
  // Another.
  optional string other = 6 [(punos.options.v1.field) = {refers_to: ["thing"]}];
}

// A part.
message Part {
  // An id.
  string id = 1;
}
'''


class ProtoCheck(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)
        shutil.copytree(ROOT / "proto" / "punos" / "options", self.directory / "punos" / "options")
        self.file = self.directory / "punos" / "v1" / "thing.proto"
        self.file.parent.mkdir(parents=True)

    def check(self, content, *arguments, file=None):
        (file or self.file).write_text(content)
        result = subprocess.run(
            [sys.executable, ROOT / "scripts" / "proto-check.py", "--proto", self.directory, *arguments],
            capture_output=True, text=True)
        self.assertEqual(result.stderr, "")
        findings = result.stdout.splitlines()[:-1]
        self.assertEqual(result.returncode, 1 if findings else 0)
        return [finding.split(": ", 1)[1] for finding in findings]

    def changed(self, old, new):
        self.assertIn(old, GOOD)
        return GOOD.replace(old, new, 1)

    def release(self):
        self.file.write_text(GOOD)
        out = self.directory / "released.binpb"
        subprocess.run(
            ["protoc", f"-I{self.directory}", "--include_imports", f"--descriptor_set_out={out}",
             "punos/v1/thing.proto"], check=True)
        return out

    def test_a_good_schema_passes(self):
        self.assertEqual(self.check(GOOD), [])

    def test_each_rule_of_names_and_comments_finds_its_fault(self):
        for old, new, finding in [
            ("package punos.v1;", "package punos.things;",
             "package punos.things does not end in a version such as v1"),
            ("// A file.\n", "", "the file has no comment"),
            ("message Part {", "message part {", "message punos.v1.part is not UpperCamelCase"),
            ("// An id.\n", "", "field punos.v1.Part.id has no comment"),
            ("// A part.\n", "", "message punos.v1.Part has no comment"),
            ("string id = 1", "string Id = 1", "field punos.v1.Part.Id is not lower_snake_case"),
            ("// One of them.\n", "", "oneof punos.v1.Thing.choice has no comment"),
            ("SIZE_BIG", "SIZE_big", "value punos.v1.Thing.Size.SIZE_big is not UPPER_SNAKE_CASE"),
            ("SIZE_BIG", "BIG", "value punos.v1.Thing.Size.BIG does not begin with SIZE_"),
            ("// Big.\n", "", "value punos.v1.Thing.Size.SIZE_BIG has no comment"),
            ("SIZE_UNSPECIFIED", "SIZE_NONE",
             "the zero value punos.v1.Thing.Size.SIZE_NONE does not end in _UNSPECIFIED"),
            ("service ThingService", "service Things",
             "service punos.v1.Things is not UpperCamelCase with Service at its end"),
            ("// Gets one.\n", "", "method punos.v1.ThingService.GetThing has no comment"),
            ("GetThing(GetThingRequest)", "GetThing(Part)",
             "method punos.v1.ThingService.GetThing does not take GetThingRequest"),
            ("(stream MoveThingResponse)", "(Part)",
             "method punos.v1.ThingService.MoveThing does not answer MoveThingResponse"),
            ('title: "name"', 'title: "nme"', "punos.v1.Thing has no path nme, which its options name"),
            ('["parts.id"]', '["parts.nosuch"]',
             "punos.v1.Thing has no path parts.nosuch, which its options name"),
            ('refers_to: ["thing"]', 'refers_to: ["think"]',
             "punos.v1.Thing.other refers to think, which is no record's kind"),
        ]:
            with self.subTest(finding):
                content = self.changed(old, new)
                if new == "message part {":
                    content = content.replace("repeated Part", "repeated part")
                self.assertIn(finding, self.check(content))

    def test_a_file_lies_where_its_package_says(self):
        other = self.directory / "punos" / "elsewhere.proto"
        findings = self.check(
            '// A file.\nsyntax = "proto3";\n\npackage punos.w.v1;\n', file=other)
        self.assertEqual(findings, ["package punos.w.v1 does not lie in punos/w/v1"])

    def test_two_records_do_not_share_a_kind(self):
        content = GOOD.replace("// A part.\nmessage Part {", '''// A part.
message Part {
  option (punos.options.v1.record) = {kind: "thing" code: 1 collection: "parts" scope: SCOPE_TENANT};''')
        self.assertEqual(self.check(content), [
            "punos.v1.Part has the kind thing of punos.v1.Thing", "punos.v1.Part has the code 1 of punos.v1.Thing"])

    def test_what_is_only_added_breaks_nothing(self):
        released = self.release()
        content = self.changed("  // An id.", "  // More.\n  int32 more = 9;\n  // An id.")
        self.assertEqual(self.check(content, "--released", released), [])

    def test_each_breaking_change_is_found(self):
        released = self.release()
        for old, new, finding in [
            ("  // An id.\n  string id = 1;", "  // An id.\n  string id = 2;",
             "field punos.v1.Part.id = 1 was removed without reserving its number and name"),
            ("Size size = 2;", "string size = 2;", "field punos.v1.Thing.size = 2 was punos.v1.Thing.Size and is string"),
            ("string name = 1;\n  // A size.", "string title = 1;\n  // A size.",
             "field punos.v1.Thing.name = 1 was renamed to title"),
            ("repeated Part parts", "Part parts",
             "field punos.v1.Thing.parts = 3 was repeated punos.v1.Part and is punos.v1.Part"),
            ("optional string other", "string other",
             "field punos.v1.Thing.other = 6 has another presence: optional or oneof was added or removed"),
            ("SIZE_BIG = 1", "SIZE_BIG = 2", "value punos.v1.Thing.Size.SIZE_BIG = 1 was removed or renamed"),
            ("  // Gets one.\n  rpc GetThing(GetThingRequest) returns (Thing);\n", "",
             "method punos.v1.ThingService.GetThing was removed"),
            ("(stream MoveThingResponse)", "(MoveThingResponse)",
             "method punos.v1.ThingService.MoveThing takes or answers something else"),
            ('collection: "things"', 'collection: "thingies"',
             "punos.v1.Thing has another collection than it was released with"),
            ("code: 1 ", "code: 2 ", "punos.v1.Thing has another code than it was released with"),
        ]:
            with self.subTest(finding):
                self.assertIn(finding, self.check(self.changed(old, new), "--released", released))

    def test_an_import_is_used_and_never_public(self):
        other = self.directory / "punos" / "v1" / "other.proto"
        other.write_text('// A file.\nsyntax = "proto3";\n\npackage punos.v1;\n\n// A thing.\nmessage Other {\n}\n')
        options = 'import "punos/options/v1/options.proto";\n'
        unused = self.check(self.changed(options, options + 'import "punos/v1/other.proto";\n'))
        self.assertEqual(unused, ["punos/v1/other.proto is imported and not used"])
        public = self.check(self.changed(options, options + 'import public "punos/v1/other.proto";\n'))
        self.assertEqual(
            public, ["punos/v1/other.proto is imported publicly: whoever needs it can import it"])

    def test_a_package_is_lower_snake_case(self):
        other = self.directory / "punos" / "wIde" / "v1" / "wide.proto"
        other.parent.mkdir(parents=True)
        findings = self.check('// A file.\nsyntax = "proto3";\n\npackage punos.wIde.v1;\n', file=other)
        self.assertEqual(findings, ["package punos.wIde.v1 is not lower_snake_case"])

    def test_a_release_is_kept_and_what_follows_is_compared_with_it(self):
        self.file.write_text(GOOD)
        command = [
            sys.executable, ROOT / "scripts" / "proto-check.py", "--proto", self.directory, "--release", "0.2.0"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.assertTrue((self.directory / "released" / "0.02.00.binpb").exists())
        removed = self.changed("  // An id.\n  string id = 1;", "").replace("parts.id", "parts")
        self.assertIn(
            "field punos.v1.Part.id = 1 was removed without reserving its number and name", self.check(removed))
        self.file.write_text(GOOD)
        again = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(again.returncode, 1, "a released schema never changes")

    def test_a_field_renamed_in_the_product_is_found_against_its_own_release(self):
        copy = self.directory / "product"
        shutil.copytree(ROOT / "proto", copy)
        self.assertTrue(list((copy / "released").glob("*.binpb")), "no released schema is kept")
        account = copy / "punos" / "v1" / "account.proto"
        text = account.read_text()
        self.assertIn("string display_name = 7", text)
        account.write_text(text.replace("string display_name = 7", "string shown_name = 7"))
        result = subprocess.run(
            [sys.executable, ROOT / "scripts" / "proto-check.py", "--proto", copy], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("field punos.v1.Account.display_name = 7 was renamed to shown_name", result.stdout)

    def test_a_field_may_go_when_its_number_and_name_are_reserved(self):
        released = self.release()
        content = self.changed(
            "  // An id.\n  string id = 1;", '  reserved 1;\n  reserved "id";\n').replace("parts.id", "parts")
        self.assertEqual(self.check(content, "--released", released), [])


if __name__ == "__main__":
    unittest.main()
