# Local vendors, people to enroll, and a mail server that the settings name.
enrollkit simulate --folder .
printf 'key,profile,email\nana,sales,ana@example.com\nluis,field,luis@example.com\n' > people.csv
node "$TOOLS/preludes/mail-server.js" > mail-server.log &
until [ -s enrollkit.mail.json ]; do sleep 0.05; done
